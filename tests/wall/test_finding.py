"""Which wall a machine gets, and that it gets none silently."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import autograder
from autograder.wall import Limits, Trusting, WallError, cgroups, find_wall
from autograder.wall.bubblewrap import Bubblewrap
from tests.wall.jails import SMALL, start, wall_or_skip

ROOT = Path(autograder.__file__).parents[1]

ASK = (
    "from autograder.wall import WallError, find_wall\n"
    "try: print(find_wall().name)\nexcept WallError as e: print('REFUSED', e)"
)


def ask_with_path(path: str) -> str:
    """What a new process says when its commands are looked up in `path`."""
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={"PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_without_bubblewrap_it_refuses_and_says_how_to_get_it(tmp_path: Path) -> None:
    said = ask_with_path(str(tmp_path))
    assert said.startswith("REFUSED")
    assert "install bubblewrap" in said
    assert "--trust-submissions" in said
    assert len(said.strip().splitlines()) == 1


def test_a_bubblewrap_that_may_not_make_namespaces_is_refused(tmp_path: Path) -> None:
    if not shutil.which("bwrap"):
        pytest.skip("NOT TESTED: this machine has no bubblewrap")
    (tmp_path / "bwrap").write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    (tmp_path / "bwrap").chmod(0o755)
    said = ask_with_path(f"{tmp_path}:/usr/bin:/bin")
    assert said.startswith("REFUSED bubblewrap cannot make a jail here")
    assert "No permissions to create new namespace" in said


def test_a_bubblewrap_without_its_tools_is_refused(tmp_path: Path) -> None:
    if not shutil.which("bwrap"):
        pytest.skip("NOT TESTED: this machine has no bubblewrap")
    (tmp_path / "bwrap").symlink_to(shutil.which("bwrap") or "")
    assert "there is no prlimit" in ask_with_path(str(tmp_path))


def test_trust_has_to_be_asked_for() -> None:
    wall = find_wall(trusting=True)
    assert isinstance(wall, Trusting)
    assert wall.name == "none (trusting)"
    assert wall_or_skip().name.startswith("bubblewrap")


def test_the_search_is_made_once() -> None:
    assert wall_or_skip() is find_wall()


def test_limits_by_groups_are_refused_where_there_are_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wall_or_skip()
    monkeypatch.setattr("autograder.wall.finding._found", {})
    monkeypatch.setattr(cgroups, "find_parents", lambda: None)
    with pytest.raises(WallError, match="No control group"):
        find_wall(cgroups=True)
    assert find_wall().limited_by == "limits and a watchdog"


def test_no_group_is_left_behind() -> None:
    wall = wall_or_skip(cgroups=True)
    parents = cgroups.find_parents()
    assert parents

    def left() -> list[str]:
        here = f"{cgroups.PREFIX}{os.getpid()}-*"
        return [one.name for folder in parents.folders for one in folder.glob(here)]

    with start(wall, "import time; time.sleep(60)"):
        assert len(left()) == len(parents.folders)
    assert left() == []


def test_a_group_by_itself_refuses_more_processes_than_its_limit() -> None:
    wall_or_skip(cgroups=True)
    parents = cgroups.find_parents()
    assert parents
    group = cgroups.make(parents, Limits(processes=4))
    try:
        many = textwrap.dedent("""
            import subprocess
            try:
                for number in range(99):
                    subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL)
            except OSError:
                print(number)
        """)
        join = " && ".join(f"echo $$ > {folder}/cgroup.procs" for folder in group.folders)
        done = subprocess.run(
            ["/bin/sh", "-c", f'{join} && exec "$@"', "sh", sys.executable, "-c", many],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=30,
        )
        assert int(done.stdout) < 4 + cgroups.HELPERS
        assert group.exceeded() == "processes"
        assert group.members()
    finally:
        group.remove()
    assert not any(folder.exists() for folder in group.folders)


def test_groups_of_a_killed_grader_are_swept_and_those_of_a_living_one_kept() -> None:
    wall_or_skip(cgroups=True)
    parents = cgroups.find_parents()
    assert parents
    with subprocess.Popen(["/bin/true"]) as ended:
        ended.wait()
    dead = [folder / f"{cgroups.PREFIX}{ended.pid}-0-abc" for folder in parents.folders]
    living = [folder / f"{cgroups.PREFIX}{os.getpid()}-9999-abc" for folder in parents.folders]
    for folder in (*dead, *living):
        folder.mkdir()
    try:
        cgroups.sweep(parents)
        assert not any(folder.exists() for folder in dead)
        assert all(folder.exists() for folder in living)
    finally:
        for folder in living:
            folder.rmdir()


def test_version_2_takes_the_nearest_folder_that_hands_out_memory_and_pids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folders are looked up in a tree of plain files; the kernel's part is tested above."""
    mount = tmp_path / "cgroup"
    (mount / "user.slice/app.slice/grader.scope").mkdir(parents=True)
    for folder, controllers in (
        ("", "cpu memory pids"),
        ("user.slice", "memory pids"),
        ("user.slice/app.slice", "cpu memory pids"),
        ("user.slice/app.slice/grader.scope", ""),
    ):
        (mount / folder / "cgroup.subtree_control").write_text(controllers)
    (tmp_path / "membership").write_text("0::/user.slice/app.slice/grader.scope\n")
    (tmp_path / "mounts").write_text(f"cgroup2 {mount} cgroup2 rw,nosuid 0 0\n")
    tried = []

    def works(parents: cgroups.Parents) -> bool:
        tried.append(parents.memory.relative_to(mount))
        return parents.memory == mount / "user.slice"

    monkeypatch.setattr(cgroups, "_works", works)
    found = cgroups.find_parents(tmp_path / "membership", tmp_path / "mounts")
    assert found == cgroups.Parents(2, mount / "user.slice", mount / "user.slice")
    assert tried == [Path("user.slice/app.slice"), Path("user.slice")]


def test_what_is_hidden_is_empty_even_within_what_is_shown() -> None:
    """As when the course is installed into the environment that the jail shows."""
    wall_or_skip()
    prefix = Path(sys.prefix)
    packages = Path(pytest.__file__).parents[1]
    wall = Bubblewrap(None, hidden=[prefix / "share", packages / "pytest"])
    look = (
        f"import os; print(os.listdir({str(prefix / 'share')!r}), "
        f"os.listdir({str(packages / 'pytest')!r}), os.path.exists({pytest.__file__!r}))"
    )
    with start(wall, look) as jailed:
        done = jailed.finish()
    assert done.stdout == b"[] [] False\n", done.stderr.decode()


def test_an_environment_within_a_hidden_folder_is_shown_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    """As when the clone lies within a folder that the jail shows, and holds the environment."""
    wall_or_skip()
    tmp_path.chmod(0o755)
    clone = tmp_path / "shown" / "clone"
    (clone / "solutions").mkdir(parents=True)
    (clone / ".venv" / "lib").mkdir(parents=True)
    wall = Bubblewrap(None, hidden=[clone])
    wall._folders = (*wall._folders, tmp_path / "shown", clone / ".venv")
    with start(
        wall, f"import os; print(os.listdir({str(clone)!r}), os.listdir({str(clone / '.venv')!r}))"
    ) as jailed:
        done = jailed.finish()
    assert done.stdout == b"['.venv'] ['lib']\n", done.stderr.decode()


def test_the_tools_are_found_whatever_the_callers_path_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wall = wall_or_skip()
    monkeypatch.setenv("PATH", "/nonexistent")
    with start(wall, "pass", limits=SMALL) as jailed:
        done = jailed.finish(20)
    assert done.returncode == 0
