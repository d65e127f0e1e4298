"""Progress is kept through kills, two writers at once, and other versions of the course."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.course import CourseError, chapters, exercises, find_exercise, numbers
from autograder.learning import progress
from autograder.learning.progress import Done

ONE, TWO = exercises("memory_wall")[:2]


def _state() -> str:
    known = progress.read_progress().get(ONE.id, Done())
    return known.state(progress.version_of(ONE))


def test_nothing_is_done_at_first() -> None:
    assert progress.read_progress() == {}
    assert progress.next_exercise("memory_wall") == ONE
    assert _state() == "new"


def test_a_check_is_kept_and_the_next_exercise_moves_on() -> None:
    progress.record_check(ONE, False, 3, 10)
    assert (_state(), progress.next_exercise("memory_wall")) == ("tried", ONE)
    progress.record_check(ONE, True, 10, 10)
    assert (_state(), progress.next_exercise("memory_wall")) == ("passed", TWO)
    progress.record_check(ONE, False, 0, 10)
    done = progress.read_progress()[ONE.id]
    assert (done.points, done.tries) == (10, 3), "what was earned stays"
    assert progress.is_passed(ONE)


def test_stretch_exercises_come_last_and_then_there_is_none() -> None:
    every = list(exercises("memory_wall"))
    for one in every:
        if not one.stretch:
            progress.record_check(one, True, 10, 10)
    first = progress.next_exercise("memory_wall")
    assert first is not None and first.stretch
    for one in every:
        progress.record_check(one, True, 10, 10)
    assert progress.next_exercise("memory_wall") is None


def test_an_exercise_that_changed_is_offered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    progress.record_check(ONE, True, 10, 10)
    monkeypatch.setattr(progress, "version_of", lambda one: "another")
    assert progress.read_progress()[ONE.id].state("another") == "changed"
    assert progress.next_exercise("memory_wall") == ONE
    assert progress.is_passed(ONE), "its solution stays open"


def test_hints_are_counted_up_to_the_last() -> None:
    shown = [progress.record_hint(ONE) for _ in range(len(ONE.hints) + 2)]
    assert shown == [*range(1, len(ONE.hints) + 1), len(ONE.hints), len(ONE.hints)]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"exercises": 3}', '{"exercises": {"a": 3}}',
                                     '{"exercises": {"a": {"tries": "many"}}}'])  # fmt: skip
def test_a_broken_file_is_put_aside_and_nothing_is_deleted(
    content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = progress.progress_file()
    path.parent.mkdir(parents=True)
    path.write_text(content)
    assert progress.read_progress() == {}
    assert "put aside" in capsys.readouterr().err
    (aside,) = path.parent.glob("*.unreadable-*")
    assert aside.read_text() == content


def test_a_file_of_a_later_version_is_left_alone() -> None:
    path = progress.progress_file()
    path.parent.mkdir(parents=True)
    path.write_text('{"schema": 99, "exercises": {}}')
    with pytest.raises(CourseError, match="later version"):
        progress.record_check(ONE, True, 10, 10)
    assert "99" in path.read_text()


def test_a_field_of_another_version_does_no_harm() -> None:
    path = progress.progress_file()
    path.parent.mkdir(parents=True)
    kept = {"schema": 1, "exercises": {ONE.id: {"tries": 4, "mood": "good"}}}
    path.write_text(json.dumps(kept))
    assert progress.read_progress()[ONE.id].tries == 4


def test_two_writers_lose_nothing() -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: progress.record_check((ONE, TWO)[n % 2], False, 1, 10), range(60)))
    known = progress.read_progress()
    assert known[ONE.id].tries + known[TWO.id].tries == 60


def test_killed_at_any_moment_the_file_is_whole() -> None:
    code = (
        "from autograder.course import exercises\nfrom autograder.learning import progress\n"
        "one = exercises('memory_wall')[0]\n"
        "progress.record_check(one, False, 1, 10)\nprint('ready', flush=True)\n"
        "while True: progress.record_check(one, False, 1, 10)"
    )
    before = 0
    for number in range(5):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        time.sleep(0.05 + 0.03 * number)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        tries = progress.read_progress()[ONE.id].tries
        assert tries > before
        before = tries
    assert not list(progress.progress_file().parent.glob("*.unreadable-*"))


def test_exercises_have_numbers() -> None:
    chapter = chapters().index("memory_wall") + 1
    assert numbers()[ONE.id] == f"{chapter}.1"
    assert find_exercise(f"{chapter}.2") == TWO
    with pytest.raises(CourseError, match="course list"):
        find_exercise("1.99")
