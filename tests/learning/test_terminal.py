"""The commands in a terminal: narrow, without colour, resized, interrupted."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pexpect
import psutil
import pytest

from autograder.answers import wrong_answers
from autograder.assignments import reference_source
from autograder.course import exercises

CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOURS = re.compile(r"\x1b\[[0-9;]+m")
SHRINK = exercises("memory_wall")[1]


def spawned(*words: str, width: int = 80, **more: str) -> pexpect.spawn[str]:
    return pexpect.spawn(
        sys.executable,
        ["-m", "autograder.cli", *words],
        dimensions=(24, width),
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "TERM": "xterm-256color", **more},
    )


def said(*words: str, width: int = 80, **more: str) -> str:
    program = spawned(*words, width=width, **more)
    program.expect(pexpect.EOF)
    return str(program.before)


@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_list_fits_its_terminal_and_names_everything(width: int) -> None:
    lines = CODES.sub("", said("list", "memory_wall", width=width)).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= width
    for number, one in enumerate(exercises("memory_wall"), 1):
        (row,) = [line for line in lines if f".{number}  " in line]
        assert one.name in row
    assert "…" not in "".join(lines)


def test_colours_can_be_switched_off() -> None:
    assert COLOURS.search(said("list"))
    plain = said("list", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", plain)  # bold and italics are no colours
    assert not CODES.search(said("list", TERM="dumb"))


def test_watch_checks_saves_is_resized_and_stopped_by_ctrl_c(tmp_path: Path) -> None:
    answers = tmp_path / "memory_wall.py"
    answers.write_text("\n")
    program = spawned("watch", str(answers), width=100)
    program.expect("Watching")
    answers.write_text(wrong_answers(SHRINK)[0].source)
    program.expect("not yet")
    program.expect("Read on in the book")
    program.setwinsize(24, 50)
    answers.write_text(reference_source(SHRINK))
    program.expect("passed")
    program.expect(SHRINK.title)
    beside = psutil.Process(program.pid).children(recursive=True)
    program.sendintr()
    program.expect("Your progress is kept")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 0
    assert psutil.wait_procs(beside, timeout=10)[1] == []


def test_a_reset_asks_first_and_ctrl_c_changes_nothing(learner: Path) -> None:
    assert "Next:" in said("start", "--no-browser")
    own = learner / "work" / "memory_wall.ipynb"
    before = own.read_bytes()
    program = spawned("reset", "memory_wall")
    program.expect("Replace your whole notebook")
    program.sendintr()
    program.expect(pexpect.EOF)
    program.close()
    assert own.read_bytes() == before
    assert program.exitstatus
