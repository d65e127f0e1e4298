"""Lets nbgrader write marks and feedback for what is out of date, and for nothing else."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder import grading
from autograder.assignments import generate, is_current
from autograder.classroom.late import bring_up_to_date
from autograder.classroom.policy import Policy, read_policy
from autograder.classroom.roster import students_of
from autograder.classroom.standing import standings
from autograder.course import CourseError


def open_gradebook(course: Path) -> Any:
    """nbgrader's gradebook of the course folder; made where there is none yet."""
    folders = grading.nbgrader_api(course).coursedir
    return Gradebook(folders.db_url, folders.course_id)


def class_policy(course: Path) -> Policy:
    """The class's rules, with the students checked. Raises `CourseError` as `read_policy`."""
    return read_policy(course, students_of(course))


def check_class(chapter: str, course: Path, students: Collection[str] | None) -> list[str]:
    """Find what would stop grading before anything is run; whose notebooks are graded.

    The gradebook learns of the chapter here, where it does not know it yet.

    Raises:
        CourseError: no notebooks, none of a student who was named, or a mistake in the policy.
    """
    submitted = grading.submitted_notebooks(chapter, course)
    for student in students or ():
        if student not in submitted:
            raise CourseError(f"no notebook of {student!r} in classroom/submitted/")
    class_policy(course)
    with open_gradebook(course) as gradebook:
        try:
            gradebook.find_assignment(chapter)
            known = True
        except MissingEntry:
            known = False
    if not known:
        if not is_current(chapter):
            raise CourseError(f"the gradebook does not know {chapter}: run `make exercises`")
        generate(chapter, course)
    return [who for who in submitted if students is None or who in students]


def submitted_students(chapter: str, course: Path) -> set[str]:
    """Students of whom something lies under the chapter's own file name."""
    submitted = grading.submitted_notebooks(chapter, course)
    return {student for student, path in submitted.items() if os.path.lexists(path)}


def write_marks(chapter: str, course: Path, students: Collection[str], force: bool) -> list[str]:
    """Run nbgrader's autograde and feedback; the students whose marks were written.

    nbgrader by itself would skip a notebook that it has graded, even where a check was mended
    since, and would grade none again without giving up what it has. Only notebooks of which
    the verdict or the time is another than the gradebook's are written anew.

    Raises:
        CourseError: nbgrader failed; the message has its last lines.
    """
    policy = class_policy(course)
    standing = standings(chapter, policy, course)
    # Without a notebook of the chapter's name there is nothing that nbgrader could take.
    there = submitted_students(chapter, course)
    due = [one.student for one in standing if one.student in students and one.student in there]
    if not force:
        fresh = {one.student for one in standing if one.up_to_date}
        due = [student for student in due if student not in fresh]
    api = grading.nbgrader_api(course)
    if due:
        rest = {one.student for one in standing} - set(due)
        _step(api, "autograde", chapter, rest)
    with open_gradebook(course) as gradebook:
        bring_up_to_date(gradebook, policy, chapter)
    shown = set(students) & there
    if shown:
        _step(api, "generate_feedback", chapter, {one.student for one in standing} - shown)
    return due


def _step(api: Any, what: str, chapter: str, exclude: Collection[str]) -> None:
    told = grading.nbgrader_step(api, what, chapter, force=True, exclude=exclude)
    if not told["success"]:
        raise CourseError(f"nbgrader {what} failed: {told['log'].strip()[-600:]}")
