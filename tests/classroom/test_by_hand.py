"""Cells that a person grades: in a chapter that an instructor adds to, and in their own work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder import assignments, grading
from autograder.assignments import BEGIN, END
from autograder.course import exercises
from autograder.wall import Wall
from tests.classroom.courses import CHAPTER


def cell(kind: str, name: str, source: str, **marks: Any) -> NotebookNode:
    made = getattr(nbformat.v4, f"new_{kind}_cell")(source)
    made.id = name.replace("_", "-")
    made.metadata["nbgrader"] = {
        "grade_id": name, "schema_version": 3, "task": False, "grade": False,
        "locked": False, "solution": False, **marks,
    }  # fmt: skip
    return made


def cells_for_a_person() -> list[NotebookNode]:
    """One of each kind that nbgrader leaves to a person."""
    written = {"grade": True, "solution": True}
    return [
        cell("markdown", "why_text", "Why does it grow?", points=4, **written),
        cell(
            "code", "why_code", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", points=3, **written
        ),
        cell("markdown", "draw_task", "Draw a picture below.", points=5, task=True, locked=True),
    ]


@pytest.fixture
def folder(tmp_path: Path, empty_gradebook: Path, wall: Wall) -> Iterator[Path]:
    with assignments.temporary_course() as made:
        (made / "classroom").mkdir()
        shutil.copyfile(empty_gradebook, made / "classroom" / "gradebook.db")
        yield made


def release(folder: Path, name: str, notebook: NotebookNode) -> Any:
    api = grading.nbgrader_api(folder)
    source = folder / "build" / "source" / name / f"{name}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(notebook, source)
    told = api.generate_assignment(name, force=True, create=True)
    assert told["success"], told["log"]
    return api


def hand_in(folder: Path, name: str, student: str, answers: dict[str, str]) -> None:
    notebook = nbformat.read(folder / "exercises" / name / f"{name}.ipynb", as_version=4)
    for one in notebook.cells:
        grade_id = one.metadata.get("nbgrader", {}).get("grade_id")
        one.source = answers.get(grade_id, one.source)
    path = folder / "classroom" / "submitted" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def grades(folder: Path, name: str, student: str) -> dict[str, tuple[float | None, float, bool]]:
    """(points of the grader, points that count, waits for a person), by cell."""
    with Gradebook(f"sqlite:///{folder}/classroom/gradebook.db", "beyond-pandas") as book:
        found = book.find_submission_notebook(name, name, student)
        return {g.name: (g.auto_score, g.score, g.needs_manual_grade) for g in found.grades}


def by_hand(folder: Path, name: str, student: str, points: dict[str, float]) -> None:
    with Gradebook(f"sqlite:///{folder}/classroom/gradebook.db", "beyond-pandas") as book:
        for grade_id, given in points.items():
            grade = book.find_grade(grade_id, name, name, student)
            grade.manual_score, grade.needs_manual_grade = given, False
        book.db.commit()


def autograded(folder: Path, name: str, student: str) -> dict[str, str]:
    path = folder / "classroom" / "autograded" / student / name / f"{name}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    return {
        one.metadata["nbgrader"]["grade_id"]: one.source
        for one in cells
        if "nbgrader" in one.metadata
    }


ANSWERS = {"why_text": "Because of Python's objects.", "why_code": "x = 2"}
GIVEN = {"why_text": 3.0, "why_code": 2.0, "draw_task": 4.0}
WAITING = {"why_text": (None, 0, True), "why_code": (None, 0, True), "draw_task": (None, 0, True)}


@pytest.mark.parametrize("name", ["essay", CHAPTER])
def test_cells_for_a_person_wait_for_one_and_keep_what_they_get(name: str, folder: Path) -> None:
    if name == CHAPTER:
        notebook = assignments.source_notebook(CHAPTER)
        notebook.cells += cells_for_a_person()
    else:
        notebook = nbformat.v4.new_notebook(cells=cells_for_a_person())
        notebook.metadata["kernelspec"] = {
            "name": "python3", "display_name": "Python 3", "language": "python",
        }  # fmt: skip
    api = release(folder, name, notebook)
    hand_in(folder, name, "ada", ANSWERS)
    hand_in(folder, name, "bo", {})

    def grade_again() -> None:
        for step in ("autograde", "generate_feedback"):
            told = grading.nbgrader_step(api, step, name, force=True)
            assert told["success"], told["log"]

    grade_again()
    found = grades(folder, name, "ada")
    assert {key: found[key] for key in WAITING} == WAITING
    sources = autograded(folder, name, "ada")
    assert {key: sources[key] for key in ANSWERS} == ANSWERS
    assert sources["draw_task"] == "Draw a picture below."
    untouched = grades(folder, name, "bo")  # nbgrader's own rule: no answer, no points
    assert [untouched[key] for key in ANSWERS] == [(0, 0, False), (0, 0, False)]
    if name == CHAPTER:
        checks = {key: value for key, value in found.items() if key not in WAITING}
        assert checks == {f"check_{one.name}": (0, 0, False) for one in exercises(CHAPTER)}
    by_hand(folder, name, "ada", GIVEN)
    grade_again()
    assert {key: grades(folder, name, "ada")[key][1] for key in GIVEN} == GIVEN
    page = folder / "classroom" / "feedback" / "ada" / name / f"{name}.html"
    assert "Because of Python" in page.read_text()


def test_a_test_that_is_not_ours_gives_nobody_points_unseen(folder: Path) -> None:
    cells = [
        cell("code", "double", f"{BEGIN}\ny = 4\n{END}", solution=True),
        cell("code", "test_double", "assert y == 4", grade=True, locked=True, points=6),
    ]
    api = release(folder, "essay", nbformat.v4.new_notebook(cells=cells))
    hand_in(folder, "essay", "ada", {"double": "y = 5"})
    told = grading.nbgrader_step(api, "autograde", "essay", force=True)
    assert told["success"], told["log"]
    assert grades(folder, "essay", "ada") == {"test_double": (None, 0, True)}
