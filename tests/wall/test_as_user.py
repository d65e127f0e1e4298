"""Root's tests once more as an ordinary user, whose wall is a user namespace."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder
from autograder.wall import cgroups

ROOT = Path(autograder.__file__).parents[1]
USER = 65534


def view() -> list[str]:
    """Bubblewrap's options for this machine as it is, but with the interpreter in reach.

    It may lie under a home that only root can enter.
    """
    options = ["--dev-bind", "/", "/"]
    needed = sorted({ROOT, Path(sys.prefix), Path(sys.base_prefix)})
    closed = {
        parent
        for folder in needed
        for parent in folder.parents
        if not parent.stat().st_mode & 0o001
    }
    for folder in sorted(closed):
        options += ["--perms", "0755", "--tmpfs", str(folder)]
    for folder in needed:
        if closed & set(folder.parents):
            for parent in reversed(folder.parents):
                if closed & {parent, *parent.parents} and parent not in closed:
                    options += ["--perms", "0755", "--dir", str(parent)]
            options += ["--ro-bind", str(folder), str(folder)]
    return options


def as_user(*command: str, joining: str = "") -> subprocess.CompletedProcess[str]:
    drop = [
        "setpriv",
        "--reuid",
        str(USER),
        "--regid",
        str(USER),
        "--clear-groups",
        "--no-new-privs",
    ]
    return subprocess.run(
        ["/bin/sh", "-c", f'{joining} exec "$@"', "sh", "bwrap", *view(), "--", *drop, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )


@pytest.fixture
def delegated() -> Iterator[str]:
    """Groups that belong to the user; gives the shell's words that join them."""
    parents = cgroups.find_parents()
    if not parents or parents.version != 1:
        yield ""
        return
    own = [folder / f"delegated-{os.getpid()}" for folder in parents.folders]
    for folder in own:
        folder.mkdir()
        for path in (folder, *folder.glob("cgroup.procs"), *folder.glob("tasks")):
            os.chown(path, USER, USER)
    yield "".join(f"echo $$ > {folder}/cgroup.procs; " for folder in own)
    for folder in own:
        for left in folder.glob("*/"):
            left.rmdir()
        folder.rmdir()


@pytest.fixture(autouse=True)
def only_for_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("the other tests have run as an ordinary user already")
    if not shutil.which("bwrap"):
        pytest.skip("NOT TESTED: this machine has no bubblewrap")
    name = "from autograder.wall import find_wall; print(find_wall().name)"
    done = as_user(sys.executable, "-c", name)
    if done.returncode:
        pytest.skip(f"NOT TESTED, users have no wall here: {done.stderr.strip()[-300:]}")
    assert done.stdout == "bubblewrap, user namespace, system calls filtered\n"


@pytest.mark.slow
def test_everything_holds_for_an_ordinary_user_too(delegated: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    done = as_user(  # without CI: what only root can see is skipped, and counted below
        "env",
        "-u",
        "CI",
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "-p",
        "no:cacheprovider",
        "tests/wall/test_wall.py",
        "tests/wall/test_finding.py",
        joining=delegated,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) >= (100 if delegated else 50), done.stdout[-3000:]
