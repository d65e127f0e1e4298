"""nbgrader's late penalties by the class's rules.

`nbgrader_config.py` names `DueDates` and `LatePolicy`: the first writes the due time and a
student's extension into the gradebook, where nbgrader looks for them; nbgrader then works out how
late a notebook is and asks the second what that costs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.classroom.policy import Policy, naive_utc, read_policy
from autograder.course import exercises
from autograder.verdict import max_points


def course_of(part: Any) -> Path:
    """The course folder of the nbgrader command that `part` works for."""
    while part is not None:
        coursedir = getattr(part, "coursedir", None)
        if coursedir is not None:
            return Path(coursedir.root)
        part = part.parent
    return Path.cwd()


def scaled(policy: Policy, chapter: str) -> dict[str, float]:
    """By which factor the class counts each exercise; only those that it scales."""
    points = policy.of(chapter).points
    worth = (
        {
            one.name: sum(max_points(one).values())
            for one in exercises(chapter)
            if one.name in points
        }
        if points
        else {}
    )
    return {name: points[name] / worth[name] for name in points if worth[name]}


def full_points(notebook: Any, factors: dict[str, float]) -> float:
    """What a notebook of the gradebook is worth, exercises scaled by `factors`."""
    return sum(
        one.max_score * factors.get(one.name.removeprefix("check_"), 1.0)
        for one in notebook.grades
        if one.max_score
    )


def penalty_of(policy: Policy, chapter: str, notebook: Any, seconds: float) -> float:
    """What `seconds` after the due time cost, in the gradebook's own points.

    The rules speak of the class's points. Where those are scaled, the gradebook's are not, and the
    same share of the whole is taken off.
    """
    full = full_points(notebook, scaled(policy, chapter))
    if not full:
        return 0.0
    share = policy.of(chapter).late.penalty(seconds, full) / full
    return min(share * float(notebook.max_score), float(notebook.score))


def set_due(gradebook: Any, policy: Policy, chapter: str, student: str | None = None) -> None:
    """Write due time and extensions into the gradebook, where the class's rules state them."""
    due = policy.of(chapter).due
    if due is None:
        return
    gradebook.find_assignment(chapter).duedate = naive_utc(due)
    submissions = gradebook.assignment_submissions(chapter)
    for submission in submissions:
        if student in (None, submission.student.id):
            submission.extension = policy.extension(chapter, submission.student.id)
    gradebook.db.commit()


def bring_up_to_date(gradebook: Any, policy: Policy, chapter: str) -> None:
    """Due times and late penalties of all submissions, by the rules as they are now.

    nbgrader works them out when it grades a notebook, and never again: an extension that is
    granted later, or a mark that a person raises, would leave them as they were.
    """
    try:
        gradebook.find_assignment(chapter)
    except MissingEntry:
        return
    set_due(gradebook, policy, chapter)
    for submission in gradebook.assignment_submissions(chapter):
        for notebook in submission.notebooks:
            cost = penalty_of(policy, chapter, notebook, submission.total_seconds_late)
            notebook.late_submission_penalty = cost or None
    gradebook.db.commit()


class DueDates(NbGraderPreprocessor):
    """Tells the gradebook when the notebook was due, before nbgrader asks."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            policy = read_policy(course_of(self))
            set_due(gradebook, policy, about["assignment"], about["student"])
        return nb, resources


class LatePolicy(LateSubmissionPlugin):
    """What a late notebook loses, by `classroom/class.toml`."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        step = self.parent  # nbgrader's AssignLatePenalties, with the gradebook open
        notebook = step.gradebook.find_submission_notebook(
            step.notebook_id, step.assignment_id, student_id
        )
        policy = read_policy(course_of(self))
        return penalty_of(policy, step.assignment_id, notebook, total_seconds_late) or None
