"""Work out what checks compare with, before they are asked for.

The reference's results are computed once and kept. For an exercise on Spark that takes a session,
which would be a learner's wait at their first check. So it is done in the background while they
read: slowly, one exercise after the other, and only while the process that asked for it lives.

    python -m autograder.learning.warming PARENT CHAPTER
"""

from __future__ import annotations

import os
import subprocess
import sys

import psutil

from autograder.answers import wrong_answers
from autograder.cases import Point, prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import CourseError, cache_folder, exercises, locked
from autograder.learning.progress import next_exercise
from autograder.reference import expected_results, results_of

_begun: set[str] = set()


def begin(chapter: str) -> None:
    """Start it for `chapter`, once in this process, and return at once."""
    if chapter in _begun:
        return
    _begun.add(chapter)
    subprocess.Popen(
        [sys.executable, "-m", "autograder.learning.warming", str(os.getpid()), chapter],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal is not meant for it
    )


def warm(chapter: str, parent: int) -> None:
    """Compute what the checks of `chapter` need, from the next exercise on."""
    one = next_exercise(chapter)
    every = exercises(chapter)
    first = every.index(one) if one else 0
    for exercise in [*every[first:], *every[:first]]:
        if psutil.pid_exists(parent):
            expected_results(exercise, self_check_points(exercise))
    for exercise in every:
        if psutil.pid_exists(parent):
            sources = {answer.name: answer.source for answer in wrong_answers(exercise)}
            results_of(
                exercise, sources, [p for p in self_check_points(exercise) if _free(exercise, p)]
            )


def _free(exercise: Exercise, point: Point) -> bool:
    """Whether no budget holds at `point`: under one, wrong answers are not told apart."""
    return not any(call.budget_mb for call in prepare(exercise, point).calls)


def main() -> None:
    parent, chapter = int(sys.argv[1]), sys.argv[2]
    os.nice(19)
    try:
        with locked(cache_folder() / f".warming-{chapter}.lock"):  # two notebooks: one at a time
            warm(chapter, parent)
    except (CourseError, RuntimeError, OSError):
        return  # the check that needs it will meet the same, and say it


if __name__ == "__main__":
    main()
