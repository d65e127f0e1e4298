"""A small class of made-up students, for the demo and the tests.

Their notebooks are made from the released one when they are needed, so they never drift from the
exercises. Each student says what to expect: points, and a sentence that the report must show.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.answers import answers
from autograder.assignments import reference_source
from autograder.checking import Exercise
from autograder.course import ROOT, exercises
from autograder.submissions import released_notebook
from autograder.verdict import max_points, points_left

Write = Callable[[str], str]  # an exercise's name -> the source of its answer's cell


@dataclass(frozen=True)
class Student:
    """One student: how the notebook is made, and what grading must come to."""

    name: str
    story: str
    make: Callable[[str], bytes] = field(repr=False)
    points: Mapping[str, float] = field(default_factory=dict)  # by exercise; missing: 0
    sentences: Sequence[str] = ()  # must stand in the student's reports or notes
    state: str = "graded"

    def total(self) -> float:
        return sum(self.points.values())


def _filled(chapter: str, sources: Mapping[str, str]) -> NotebookNode:
    """The released notebook with the answers' cells replaced by `sources`."""
    notebook = released_notebook(chapter)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell.source = sources[name]
    return notebook


def _bytes(notebook: NotebookNode) -> bytes:
    return nbformat.writes(notebook).encode()


def _references(chapter: str, names: Sequence[str] | None = None) -> dict[str, str]:
    return {
        one.name: reference_source(one)
        for one in exercises(chapter)
        if names is None or one.name in names
    }


def _full(chapter: str, names: Sequence[str] | None = None) -> dict[str, float]:
    return {
        one.name: sum(max_points(one).values())
        for one in exercises(chapter)
        if names is None or one.name in names
    }


def _wrong(one: Exercise, name: str) -> tuple[str, str, float]:
    """(source, sentence, points) of a wrong answer on file."""
    answer = next(a for a in answers(one) if a.name == name)
    return answer.source, answer.sentence, points_left(one, answer.fails)


def sample_class(chapter: str) -> list[Student]:
    """The students of a chapter."""
    from autograder.sample_class import members

    return members.members(chapter)


def hand_in(chapter: str, course: Path = ROOT) -> list[Student]:
    """Write every student's notebook below `classroom/submitted/`; the students."""
    students = sample_class(chapter)
    for student in students:
        folder = course / "classroom" / "submitted" / student.name / chapter
        folder.mkdir(parents=True, exist_ok=True)
        content = student.make(chapter)
        target = folder / f"{chapter}.ipynb"
        if target.exists() and target.read_bytes() == content:
            continue
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
            part.write(content)
        os.replace(part.name, target)
    return students


def _duplicated(chapter: str, sources: Mapping[str, str]) -> bytes:
    """`sources` filled in, and the cell of the last stands twice, the first as handed out."""
    name = list(sources)[-1]
    notebook = _filled(chapter, sources)
    original = released_notebook(chapter)
    place = next(
        i
        for i, c in enumerate(notebook.cells)
        if c.metadata.get("nbgrader", {}).get("grade_id") == name
    )
    twin = nbformat.from_dict(original.cells[place])
    notebook.cells.insert(place, twin)
    return json.dumps(notebook).encode()  # nbformat would refuse the repeated cell id
