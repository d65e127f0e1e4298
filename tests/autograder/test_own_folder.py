"""What a killed process left goes; what may belong to a living one, or to somebody else, stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder.own_folder import DAY, own_folder, remove


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def _made(folder: Path, days: float) -> Path:
    folder.mkdir()
    (folder / "table.parquet").write_text("rows")
    folder.chmod(0o311)  # as a run's inputs lie
    then = time.time() - days * DAY
    os.utime(folder, (then, then))
    return folder


def test_what_a_killed_process_left_goes_after_a_day(tmp_path: Path, dead: int) -> None:
    left = _made(tmp_path / f"run-{dead}-abc", days=1.1)
    stays = [
        _made(tmp_path / f"run-{dead}-new", days=0.9),
        _made(tmp_path / f"run-{os.getpid()}-abc", days=3),
        _made(tmp_path / f"other-{dead}-abc", days=3),
        _made(tmp_path / "run-abc", days=3),
    ]
    folder = own_folder("run-", tmp_path)
    assert folder.is_dir() and folder.stat().st_mode & 0o777 == 0o700
    assert not left.exists()
    assert all(one.exists() for one in stays)
    remove(folder)
    assert not folder.exists()


def test_among_temporary_files_it_goes_at_once(
    tmp_path: Path, dead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = _made(tmp_path / f"run-{dead}-abc", days=0)
    living = _made(tmp_path / f"run-{os.getpid()}-abc", days=3)
    assert own_folder("run-").parent == tmp_path
    assert not left.exists() and living.exists()


def test_what_a_link_points_to_is_left_alone(tmp_path: Path, dead: int) -> None:
    target = _made(tmp_path / "somebody's", days=3)
    link = tmp_path / f"run-{dead}-abc"
    link.symlink_to(target)
    os.utime(link, (0, 0), follow_symlinks=False)
    own_folder("run-", tmp_path)
    assert link.is_symlink() and target.stat().st_mode & 0o777 == 0o311


def test_what_somebody_else_left_is_theirs(
    tmp_path: Path, dead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = _made(tmp_path / f"run-{dead}-abc", days=3)
    somebody_else = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: somebody_else)
    own_folder("run-", tmp_path)
    assert theirs.exists()
