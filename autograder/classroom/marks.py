"""Marks as CSV, with the columns that Moodle and Canvas import.

A mark is what the gradebook says, a person's changes included, in the class's points, less what
being late costs. Where there is no mark the cell is empty, which both systems leave as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry

from autograder import grading
from autograder.classroom.files import classroom
from autograder.classroom.late import full_points, scaled
from autograder.classroom.policy import Policy
from autograder.classroom.roster import Member
from autograder.classroom.standing import written_key
from autograder.course import CourseError, content_hash
from autograder.submissions import read_submission

SYSTEMS = ("moodle", "canvas", "plain")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Mark:
    """A student's mark in a chapter."""

    student: str
    points: float | None  # None: there is none, because of `why`
    why: str = ""  # "" also where nothing was handed in

    @property
    def missing(self) -> bool:
        return self.points is None and not self.why


def marks_of(
    chapter: str, course: Path, gradebook: Any, policy: Policy, students: Sequence[str]
) -> tuple[list[Mark], float]:
    """(a mark for each of `students`, the full points) of a chapter, from nbgrader's gradebook.

    Raises:
        CourseError: the gradebook does not know the chapter.
    """
    factors = scaled(policy, chapter)
    try:
        assignment = gradebook.find_assignment(chapter)
    except MissingEntry as problem:
        raise CourseError(f"the gradebook holds no {chapter}: run `course grade {chapter}`") from (
            problem
        )
    full = sum(
        cell.max_score * factors.get(cell.name.removeprefix("check_"), 1.0)
        for notebook in assignment.notebooks
        for cell in [*notebook.grade_cells, *notebook.task_cells]
    )
    submissions = {one.student.id: one for one in gradebook.assignment_submissions(chapter)}
    return [
        _mark(who, chapter, course, submissions.get(who), policy, factors) for who in students
    ], full


def _mark(
    student: str,
    chapter: str,
    course: Path,
    submission: Any,
    policy: Policy,
    factors: Mapping[str, float],
) -> Mark:
    handed_in = classroom(course) / "submitted" / student / chapter / f"{chapter}.ipynb"
    if submission is None:
        return Mark(student, None, "not graded yet" if handed_in.exists() else "")
    if handed_in.exists() and _changed(handed_in, student, chapter, course):
        return Mark(student, None, "has handed in again since: run `course grade`")
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    waiting = [one.name for one in grades if one.auto_score is None and one.manual_score is None]
    if waiting:
        return Mark(student, None, f"waits for a person's points: {', '.join(waiting)}")
    key = written_key(course, student, chapter)
    verdict = grading.load_verdict(grading.verdict_file(course, chapter, key)) if key else None
    decided = any(one.manual_score is not None for one in grades)
    if verdict and verdict.state == "ungradable" and not decided:
        return Mark(student, None, f"set aside: {verdict.reason}")
    score = sum(one.score * factors.get(one.name.removeprefix("check_"), 1.0) for one in grades)
    seconds = submission.total_seconds_late
    full = sum(full_points(notebook, dict(factors)) for notebook in submission.notebooks)
    cost = policy.of(chapter).late.penalty(seconds, full)
    return Mark(student, round(max(0.0, score - cost), 4))


def _changed(path: Path, student: str, chapter: str, course: Path) -> bool:
    """Whether what lies in submitted/ is not what was graded; the grader's own age is no matter."""
    written = classroom(course) / "autograded" / student / chapter / f"{chapter}.ipynb"
    if not written.exists():
        return True

    def answers(of: Path) -> str:
        notebook = read_submission(of, chapter, course).notebook
        return content_hash(
            *(
                cell.source
                for cell in notebook.cells
                if cell.cell_type == "code" or cell.metadata.get("nbgrader", {}).get("solution")
            )
        )

    return answers(path) != answers(written)


# ---- the table ------------------------------------------------------------------------------


def harmless(text: str) -> str:
    """A text that a spreadsheet shows, and does not compute."""
    return f"'{text}" if text.startswith(RISKY) else text


def _number(points: float | None) -> str:
    return "" if points is None else f"{points:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Column:
    """A chapter's marks by student, and the name of their column."""

    name: str
    marks: Mapping[str, float | None]
    full: float


def table(system: str, members: Sequence[Member], columns: Sequence[Column]) -> str:
    """The CSV text for "moodle", "canvas" or "plain"."""
    heads, about, first = {
        "moodle": (["ID number", "Email address"], _moodle, None),
        "canvas": (
            ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"],
            _canvas,
            ["    Points Possible", "", "", "", ""],
        ),
        "plain": (["id", "first_name", "last_name", "email"], _plain, None),
    }[system]
    text = io.StringIO(newline="")
    write = csv.writer(text, lineterminator="\n").writerow
    write([*heads, *(harmless(one.name) for one in columns)])
    if first:
        write([*first, *(_number(one.full) for one in columns)])
    for member in members:
        numbers = [_number(one.marks.get(member.id)) for one in columns]
        write([*(harmless(cell) for cell in about(member)), *numbers])
    return text.getvalue()


def _moodle(member: Member) -> list[str]:
    return [member.id_number, member.email]


def _canvas(member: Member) -> list[str]:
    name = member.canvas_name or f"{member.last_name}, {member.first_name}"
    return [name, member.canvas_id, member.sis_user_id, member.sis_login_id, member.section]


def _plain(member: Member) -> list[str]:
    return [member.id, member.first_name, member.last_name, member.email]


def cannot_import(system: str, member: Member) -> str:
    """Why the system will not know whose row it is; "" when it will."""
    if system == "moodle" and not (member.email or member.id_number):
        return "has neither an email address nor an ID number"
    if system == "canvas" and not (member.canvas_id or member.sis_user_id or member.sis_login_id):
        return "has no Canvas ID: read Canvas's own list with `course class roster`"
    return ""
