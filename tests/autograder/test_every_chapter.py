"""Each chapter's notebook through real nbgrader: as handed out it earns 0, solved it earns all."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import assignments, grading, sample_class
from autograder.answers import wrong_answers
from autograder.assignments import reference_source
from autograder.course import chapters, exercises
from autograder.verdict import max_points, points_left
from autograder.wall import Wall

OTHERS = [name for name in chapters() if name != "memory_wall"]  # that one: test_grading.py


def _students(chapter: str) -> dict[str, dict[str, str]]:
    """One who handed in what was handed out, one who solved all, one with a slip in each."""
    every = exercises(chapter)
    return {
        "unsolved": {},
        "solved": {one.name: reference_source(one) for one in every},
        "slips": {one.name: wrong_answers(one)[0].source for one in every},
    }


@pytest.mark.parametrize("chapter", chapters())
def test_every_cell_as_handed_out_can_be_run(chapter: str) -> None:
    """A stub that is no Python would say "not defined" where a check says "not attempted"."""
    given = assignments.released_sources(chapter)
    for one in exercises(chapter):
        ast.parse(given[one.name])


@pytest.mark.parametrize("chapter", OTHERS)
def test_a_chapter_earns_what_it_should_in_nbgraders_gradebook(
    chapter: str, wall: Wall, seeds: Path
) -> None:
    with assignments.temporary_course() as course:
        assignments.generate(chapter, course)
        grading.warm_up(chapter)
        for student, sources in _students(chapter).items():
            folder = course / "classroom" / "submitted" / student / chapter
            folder.mkdir(parents=True)
            nbformat.write(sample_class._filled(chapter, sources), folder / f"{chapter}.ipynb")
        for graded in grading.grade_class(chapter, wall, course=course):
            told = {name: report["text"] for name, report in graded.verdict.reports.items()}
            assert graded.verdict.state == "graded", (graded.student, graded.verdict.reason, told)
        api = grading.nbgrader_api(course)
        for step in ("autograde", "generate_feedback"):
            done = grading.nbgrader_step(api, step, chapter)
            assert done["success"], done["log"]
        with Gradebook(f"sqlite:///{course}/classroom/gradebook.db") as book:
            marks = {
                student: {
                    grade.name.removeprefix("check_"): grade.score
                    for grade in book.find_submission_notebook(chapter, chapter, student).grades
                }
                for student in _students(chapter)
            }
        for student in _students(chapter):
            page = course / "classroom" / "feedback" / student / chapter / f"{chapter}.html"
            assert page.exists()
    full = {one.name: sum(max_points(one).values()) for one in exercises(chapter)}
    slips = {one.name: points_left(one, wrong_answers(one)[0].fails) for one in exercises(chapter)}
    assert marks["unsolved"] == dict.fromkeys(full, 0)
    assert marks["solved"] == full
    for name, most in slips.items():  # on a class's sizes more may be seen than on a learner's
        assert marks["slips"][name] <= most < full[name], name
