"""What a long command says of how far it is, where stderr is no terminal."""

from __future__ import annotations

import threading
import time

import pytest

from autograder import progress_bar


def test_a_log_has_a_line_for_each_task_under_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress_bar, "FIRST_LINE", 0.2)
    monkeypatch.setattr(progress_bar, "NEXT_LINES", 0.1)
    said = ""
    with progress_bar.progress_bar() as bar:
        done = bar.add_task("data", total=1)
        bar.update(done, completed=1)
        notebooks = bar.add_task("judging [notebooks]", total=40)
        bar.advance(notebooks, 3)
        bar.add_task("writing marks", total=None)
        end = time.monotonic() + 20
        while said.count("writing marks") < 2 and time.monotonic() < end:
            time.sleep(0.02)
            said += capsys.readouterr().err
    lines = [line.rpartition(" (0:00:")[0] for line in said.splitlines()]
    assert lines[:2] == ["judging [notebooks], 3 of 40", "writing marks"], said
    assert "data" not in said


def test_a_short_command_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = threading.active_count()
    with progress_bar.progress_bar() as bar:
        bar.add_task("short", total=1)
    assert threading.active_count() == before
    assert capsys.readouterr().err == ""
