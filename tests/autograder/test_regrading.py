"""The same class again and again, and a grader that is killed: marks stay what they are."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder import grading, sample_class
from autograder.course import exercises
from autograder.sample_class import Student
from autograder.wall import Wall

pytestmark = pytest.mark.slow
CHAPTER = "memory_wall"
CLASS = {student.name: student for student in sample_class.sample_class(CHAPTER)}
TIMES = 20
KILLS = 10


def _hand_in(course: Path, names: list[str]) -> None:
    """A class of these students alone, none of whom was graded before."""
    for kept in ("submitted", "verdicts", "autograded"):
        shutil.rmtree(course / "classroom" / kept, ignore_errors=True)
    with Gradebook(f"sqlite:///{course}/classroom/gradebook.db") as book:
        for name in names:
            with suppress(MissingEntry):
                book.remove_submission(CHAPTER, name)
    for name in names:
        folder = course / "classroom" / "submitted" / name / CHAPTER
        folder.mkdir(parents=True)
        (folder / f"{CHAPTER}.ipynb").write_bytes(CLASS[name].make(CHAPTER))


def _verdicts(course: Path) -> dict[str, tuple[int, bytes]]:
    folder = course / "classroom" / "verdicts" / CHAPTER
    return {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.glob("*.json")}


def test_a_class_gets_the_same_points_twenty_times_over(course_folder: Path, wall: Wall) -> None:
    _hand_in(course_folder, ["ben", "eve", "hal"])
    grading.warm_up(CHAPTER)
    seen: set[str] = set()
    for _ in range(TIMES):
        shutil.rmtree(course_folder / "classroom" / "verdicts", ignore_errors=True)
        points = {
            graded.student: {e.exercise: e.points for e in graded.verdict.exercises}
            for graded in grading.grade_class(CHAPTER, wall, course=course_folder)
        }
        seen.add(json.dumps(points, sort_keys=True))
    assert len(seen) == 1, seen
    points = json.loads(seen.pop())
    for name, of in points.items():
        student: Student = CLASS[name]
        assert of == {one.id: student.points.get(one.name, 0.0) for one in exercises(CHAPTER)}, name


GRADE = """
import sys
from pathlib import Path
from autograder.cli import _grade
from autograder.wall import find_wall
_grade(sys.argv[1], find_wall(), None, False, Path(sys.argv[2]))
"""


def _start(course: Path) -> subprocess.Popen[bytes]:
    """The work of `course grade`, in a course folder of the test's own."""
    return subprocess.Popen(
        [sys.executable, "-c", GRADE, CHAPTER, str(course)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _written(course: Path) -> dict[str, int]:
    """The notebooks with marks that nbgrader has written, with their times."""
    folder = course / "classroom" / "autograded"
    found = {}
    for path in folder.glob(f"*/{CHAPTER}/*.ipynb"):
        with suppress(FileNotFoundError):  # it is being replaced
            found[str(path)] = path.stat().st_mtime_ns
    return found


def _kill(process: subprocess.Popen[bytes]) -> bool:
    """Kill it and what it started; False where it was done already."""
    was_running = process.poll() is None
    with suppress(ProcessLookupError):  # it is gone, and all that it started
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return was_running


def test_killed_at_random_moments_no_mark_is_lost_and_none_doubled(
    course_folder: Path, wall: Wall
) -> None:
    """First while notebooks run, then while nbgrader writes what came of them."""
    names = ["ada", "ben", "chi", "dov", "eve", "hal"]
    _hand_in(course_folder, names)
    grading.warm_up(CHAPTER)
    dice = random.Random(20)
    kept: dict[str, tuple[int, bytes]] = {}
    killed = 0
    for _ in range(KILLS // 2):
        process = _start(course_folder)
        time.sleep(dice.uniform(0.5, 9.0))
        killed += _kill(process)
        now = _verdicts(course_folder)
        assert kept.items() <= now.items(), "a finished verdict was lost or made again"
        for _, content in now.values():
            json.loads(content)
        kept = now
    list(grading.grade_class(CHAPTER, wall, course=course_folder))
    kept = _verdicts(course_folder)
    killed_writing = 0
    for _ in range(KILLS - KILLS // 2):
        before = _written(course_folder)
        process = _start(course_folder)
        while process.poll() is None and _written(course_folder) == before:
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 0.5))
        killed_writing += _kill(process)
        assert _verdicts(course_folder) == kept
    assert killed + killed_writing >= KILLS // 2, "it was done before it could be killed"
    assert killed_writing, "no kill fell into the writing of marks"
    process = _start(course_folder)
    told, _ = process.communicate(timeout=570)
    assert process.returncode == 0, told.decode()
    assert kept.items() <= _verdicts(course_folder).items()
    with Gradebook(f"sqlite:///{course_folder}/classroom/gradebook.db") as book:
        for name in names:
            assert len(book.find_submission(CHAPTER, name).notebooks) == 1
            notebook = book.find_submission_notebook(CHAPTER, CHAPTER, name)
            marks = {g.name.removeprefix("check_"): g.score for g in notebook.grades}
            assert marks == {
                one.name: CLASS[name].points.get(one.name, 0.0) for one in exercises(CHAPTER)
            }, name
