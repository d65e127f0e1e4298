"""Without a wall the same calls work, and still leave nothing behind."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from autograder.wall import Limits, Trusting, WallError
from tests.wall.jails import DAEMON, SMALL, alive, code, start

WALL = Trusting()


def test_the_same_caller_works_without_a_wall(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("id")
    readonly = {"/inputs/orders.csv": tmp_path / "orders.csv"}
    path = WALL.place(readonly)["/inputs/orders.csv"]
    with start(
        WALL,
        f"import sys; print(open({path!r}).read(), sys.stdin.read())",
        readonly=readonly,
        stdin=b"request",
    ) as jailed:
        done = jailed.finish()
    assert done.stdout == b"id request\n"
    assert done.returncode == 0


def test_scratch_is_a_folder_of_its_own_and_is_removed() -> None:
    with start(
        WALL, "import os; open('x', 'w').close(); print(os.getcwd(), os.environ['HOME'])"
    ) as jailed:
        folder, home = jailed.finish().stdout.decode().split()
    assert os.path.realpath(home) == os.path.realpath(folder)
    assert folder != os.getcwd()
    assert not Path(folder).exists()


def test_the_environment_is_not_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADING_SEED", "secret")
    with start(WALL, "import os; print(os.environ.get('GRADING_SEED'))") as jailed:
        assert jailed.finish().stdout == b"None\n"


def test_limits_of_one_process_hold() -> None:
    with start(
        WALL,
        code("""
        import resource
        print(resource.getrlimit(resource.RLIMIT_NOFILE)[0],
              resource.getrlimit(resource.RLIMIT_FSIZE)[0],
              resource.getrlimit(resource.RLIMIT_CORE)[0])
    """),
    ) as jailed:
        assert jailed.finish().stdout.split() == [b"64", b"8388608", b"0"]


def test_too_much_memory_is_noticed_by_the_watchdog() -> None:
    with start(
        WALL,
        code("""
        import os, time
        for _ in range(3):
            if os.fork() == 0:
                break
        held = bytearray(b"x") * (60 << 20)
        time.sleep(60)
    """),
        limits=Limits(memory_mb=128),
    ) as jailed:
        assert jailed.finish(30).returncode != 0
    assert jailed.exceeded == "memory"


@pytest.mark.parametrize("stays", [True, False], ids=["its_parent_runs", "its_parent_ended"])
def test_a_daemon_does_not_outlive_the_run(stays: bool) -> None:
    marker = f"trusted-{os.getpid()}-{time.monotonic_ns()}"
    text = code(DAEMON.format(marker=marker)) + ("time.sleep(600)" if stays else "")
    with start(WALL, text) as jailed:
        assert jailed.process.stdout is not None
        assert jailed.process.stdout.readline() == b"left\n"
        assert alive(marker)
    assert alive(marker) == []


def test_the_whole_tree_is_seen() -> None:
    with start(
        WALL,
        code("""
        import subprocess, time
        subprocess.Popen(["sleep", "60"])
        print("up", flush=True)
        time.sleep(60)
    """),
    ) as jailed:
        assert jailed.process.stdout is not None
        jailed.process.stdout.readline()
        assert sorted(one.name()[:6] for one in jailed.tree()) == ["python", "sleep"]
        assert jailed.anonymous_bytes() > 2**20
        assert jailed.peak_bytes() is None


def test_stop_works_from_another_thread() -> None:
    with start(WALL, "import time; print('up', flush=True); time.sleep(60)") as jailed:
        assert jailed.process.stdout is not None
        jailed.process.stdout.readline()
        threading.Timer(0.2, jailed.stop).start()
        assert jailed.process.stdout.readline() == b""


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WallError, match="no-such-table cannot be shown"):
        start(WALL, "", readonly={"/tables": tmp_path / "no-such-table"}, limits=SMALL)
