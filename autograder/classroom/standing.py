"""Where each notebook of a class stands: new, graded, out of date, late.

What nbgrader wrote last says which verdict it wrote, by the verdict's key. nbgrader alone
compares times, and would keep an old mark after a check was mended.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder import grading
from autograder.classroom.files import classroom, submitted_folder
from autograder.classroom.policy import Policy
from autograder.classroom.timestamps import BadTimestamp, read_timestamp
from autograder.course import ROOT
from autograder.grading import NotebookVerdict
from autograder.submissions import LOCAL, Submission, read_submission

USUAL_SECONDS = 20.0  # for a notebook, before any was run


@dataclass(frozen=True)
class Standing:
    """One student's notebook of a chapter."""

    student: str
    submission: Submission
    key: str  # of the verdict that it has, or will have
    verdict: NotebookVerdict | None  # as it is on file
    written: str  # the key of the verdict that nbgrader wrote last; "": none
    received: datetime | None
    same_time: bool  # nbgrader knows the notebook's present time
    late: float = 0.0  # seconds

    @property
    def known(self) -> bool:
        """Whether the verdict stands, so that nothing is run."""
        return self.verdict is not None and self.verdict.state != "grader_error"

    @property
    def up_to_date(self) -> bool:
        """Whether the gradebook holds this very verdict."""
        return self.known and self.written == self.key and self.same_time


def _time(folder: Path) -> datetime | None:
    try:
        return read_timestamp(folder)
    except BadTimestamp:
        return None


def written_key(course: Path, student: str, chapter: str) -> str:
    """The key of the verdict in the notebook that nbgrader wrote; "" where there is none."""
    path = classroom(course) / "autograded" / student / chapter / f"{chapter}.ipynb"
    try:
        return str(json.loads(path.read_text())["metadata"][LOCAL]["verdict"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def standing_of(student: str, chapter: str, policy: Policy, course: Path = ROOT) -> Standing:
    """Where the notebook that `student` handed in stands."""
    folder = submitted_folder(course, student, chapter)
    submission = read_submission(folder / f"{chapter}.ipynb", chapter, course)
    drawn = chapter in grading.known_seeds()  # before, there is no verdict, and none is drawn here
    key = grading.verdict_key(submission, chapter) if drawn else ""
    received = _time(folder)
    due = policy.due(chapter, student)
    late = (received - due).total_seconds() if received and due else 0.0
    return Standing(
        student,
        submission,
        key,
        grading.load_verdict(grading.verdict_file(course, chapter, key)) if key else None,
        written_key(course, student, chapter),
        received,
        received == _time(classroom(course) / "autograded" / student / chapter),
        max(0.0, late),
    )


def standings(
    chapter: str, policy: Policy, course: Path = ROOT, students: Collection[str] | None = None
) -> list[Standing]:
    """Where the submitted notebooks of a chapter stand; of `students`, or of everybody.

    Raises:
        CourseError: there are no notebooks.
    """
    submitted = grading.submitted_notebooks(chapter, course)
    chosen = [who for who in submitted if students is None or who in students]
    return [standing_of(who, chapter, policy, course) for who in chosen]


def seconds_for(chapter: str, waiting: int, workers: int, course: Path = ROOT) -> tuple[float, int]:
    """(seconds that `waiting` notebooks will take, how many earlier runs this rests on).

    The first runs of a class also work out what known mistakes return, which may take longer than
    they do; hence the median.
    """
    folder = grading.verdict_file(course, chapter, "any").parent
    known = [_seconds(path) for path in folder.glob("*.json")] if folder.is_dir() else []
    took = [seconds for seconds in known if seconds > 1]  # the others ran nothing
    each = statistics.median(took) if took else USUAL_SECONDS
    return each * waiting / max(1, min(workers, waiting)), len(took)


def _seconds(path: Path) -> float:
    verdict = grading.load_verdict(path)
    return verdict.seconds if verdict else 0.0
