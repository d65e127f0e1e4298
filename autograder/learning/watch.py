"""Checks an answer each time it is saved, with a runner that stands by.

The next runner starts while the learner reads and writes: it has imported everything, and started
Spark where the exercise needs it, when the file is saved again.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.assignments import released_sources
from autograder.cases import prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import CourseError, exercises
from autograder.learning.progress import next_exercise
from autograder.selfcheck import check_notebook, keep
from autograder.starting import Standby, beside
from autograder.submissions import read_submission
from autograder.supervise import Cell, runnable_cells
from autograder.verdict import ExerciseVerdict
from autograder.wall import find_wall

LOOK_SECONDS = 0.15
SETTLE_SECONDS = 0.05


@dataclass(frozen=True)
class Answers:
    """What a file holds: its code cells, and the answers to exercises among them."""

    cells: list[Cell]
    sources: dict[str, str]  # by the exercise's name


def read_answers(path: Path, chapter: str) -> Answers:
    """The answers in a notebook, or in a Python file with the functions in it.

    Raises:
        CourseError: the file cannot be read.
    """
    names = [one.name for one in exercises(chapter)]
    if path.suffix == ".ipynb":
        read = read_submission(path, chapter)
        if read.set_aside:
            raise CourseError(f"{path.name} cannot be read: {read.set_aside}")
        cells = runnable_cells(read.notebook)
        return Answers(cells, {cell.name: cell.source for cell in cells if cell.name in names})
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise CourseError(f"{path} cannot be read: {problem}") from problem
    given = released_sources(chapter)
    setup = [Cell(name, source) for name, source in given.items() if name.startswith("setup")]
    found = {n: text for n in names if re.search(rf"^def {n}\s*\(", text, re.MULTILINE)}
    return Answers([*setup, Cell(path.name, text)], found)


def saves(path: Path) -> Iterator[None]:
    """Once for each time that the file's content was saved after this call."""
    return _changes(path, _stamp(path))  # looked at now, not when the first change is asked for


def _changes(path: Path, before: tuple[int, int, int] | None) -> Iterator[None]:
    while True:
        time.sleep(LOOK_SECONDS)
        now = _stamp(path)
        if now in (before, None):
            continue
        # Editors empty a file and then fill it: that is one save, and half of it is no answer.
        while now != before:
            before = now
            time.sleep(SETTLE_SECONDS)
            now = _stamp(path)
        if now is not None:
            yield


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Changes with every save, also where an editor writes a new file in place of the old one."""
    try:
        about = os.stat(path)
    except OSError:  # between the old file and the new one
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


class Watcher:
    """Checks what changed in a file.

    Args:
        path: a notebook or a Python file.
        chapter: whose exercises it answers.
        say: told what is being done.
    """

    def __init__(self, path: Path, chapter: str, say: Callable[[str], None]):
        self._path, self._chapter, self._say = path, chapter, say
        self._wall = find_wall(trusting=True)
        self._seen: dict[str, str] = {}
        self._last: Exercise | None = None
        self._standby: Standby | None = None

    def look(self) -> list[ExerciseVerdict]:
        """Check the answers that changed since the last look; at first, the one that is next.

        Raises:
            CourseError: the file cannot be read.
        """
        answers = read_answers(self._path, self._chapter)
        given = released_sources(self._chapter)
        changed = [
            one
            for one in exercises(self._chapter)
            if one.name in answers.sources
            and answers.sources[one.name] != self._seen.get(one.name, given.get(one.name))
        ]
        first = not self._seen
        self._seen = dict(answers.sources)
        if first:
            upcoming = next_exercise(self._chapter)
            changed = [one for one in changed if one == upcoming] or changed[-1:]
        elif not changed and self._last is not None:  # a cell that it uses
            if self._last.name not in answers.sources:
                raise CourseError(
                    f"{self._path.name} has no function {self._last.name} as it is now"
                )
            changed = [self._last]
        verdicts = []
        for one in changed:
            verdict = check_notebook(
                one, answers.cells, answers.sources[one.name], self._say, self._standby
            )
            keep(verdict, one)
            verdicts.append(verdict)
            self._last = one
            self.stand_by()
        return verdicts

    def stand_by(self) -> None:
        """Start the runner of the next look."""
        one = self._last or next_exercise(self._chapter) or exercises(self._chapter)[0]
        needs = beside(prepare(one, point) for point in self_check_points(one))
        if self._standby is not None and self._standby.ready and self._standby.needs == needs:
            return
        self.close()
        self._standby = Standby(self._wall, needs)

    def close(self) -> None:
        """End the runner that stands by."""
        if self._standby is not None:
            self._standby.close()
            self._standby = None
