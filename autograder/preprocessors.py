"""The course's steps in nbgrader's own pipeline; `nbgrader_config.py` names them.

nbgrader reads a score from the outputs of graded cells. No cell is executed here: the verdict
comes from `autograder.grading`, and each graded cell gets one result, its points, and one
stream, its report. So nbgrader's gradebook, formgrader, feedback and export work as they are.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool

from autograder.classroom import timestamps
from autograder.course import chapters
from autograder.grading import NotebookVerdict, note_of, verdict_key, verdict_on
from autograder.submissions import LOCAL, Submission, read_submission
from autograder.wall import find_wall


class ReleaseAnswers(ClearSolutions):
    """Give students the `given` code of an answer where there is some, else nbgrader's stub."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        if "given" in cell.metadata:
            cell.source = cell.metadata.pop("given")
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)


class SubmissionExporter(NotebookExporter):
    """Reads a student's file through `read_submission`, which never fails on what it finds."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for folder in getattr(self.parent, "assignments", {}):  # before nbgrader reads the times
            timestamps.put_bad_one_aside(Path(folder), self.log)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kw)
        chapter = resources["nbgrader"]["assignment"]
        course = Path(_root_of(self))
        submission = read_submission(Path(filename), chapter, course)
        resources = dict(resources or {})
        resources.setdefault("metadata", {})["name"] = Path(filename).stem
        return self.from_notebook_node(submission.notebook, resources=resources, **kw)


class WriteVerdict(NbGraderPreprocessor):
    """Write points and reports into the graded cells."""

    trust_submissions = Bool(
        False,
        help="Run the notebooks without a wall. Only for work that you wrote yourself or read.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        chapter = resources["nbgrader"]["assignment"]
        course = Path(_root_of(self))
        if chapter not in chapters():
            leave_to_a_person(nb)
            return nb, resources
        aside, notes = note_of(nb)
        submission = Submission(nb, tuple(notes), aside)
        key = verdict_key(submission, chapter)
        trusting = self.trust_submissions or os.environ.get("BEYOND_PANDAS_TRUST") == "1"
        wall = find_wall(trusting=trusting)
        verdict = verdict_on(submission, chapter, wall, course=course)
        write_verdict(nb, verdict)
        nb.metadata.setdefault(LOCAL, NotebookNode())["verdict"] = key
        return nb, resources


class CarryTimestamp(NbGraderPreprocessor):
    """Writes the submission's time beside what was made of it, for nbgrader to compare.

    nbgrader itself would copy it with whatever else lies in a student's folder.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        converter = self.parent.parent
        about, folders = resources["nbgrader"], converter.coursedir
        where = about["student"], about["assignment"]
        submitted = Path(folders.format_path(folders.submitted_directory, *where))
        made = Path(folders.format_path(converter._output_directory, *where))
        target = made / timestamps.NAME
        target.unlink(missing_ok=True)
        try:
            time = timestamps.read_timestamp(submitted)
        except timestamps.BadTimestamp:
            time = None
        if time is not None:
            made.mkdir(parents=True, exist_ok=True)
            target.write_text(timestamps.as_text(time))
        return nb, resources


def _root_of(preprocessor: Any) -> str:
    """The course folder of the converter that this preprocessor works for."""
    owner = preprocessor
    while owner is not None:
        coursedir = getattr(owner, "coursedir", None)
        if coursedir is not None:
            return str(coursedir.root)
        owner = owner.parent
    return os.getcwd()


def _is_test(cell: NotebookNode) -> bool:
    """Whether nbgrader would read the cell's points from its outputs. Other graded cells, which
    hold a student's answer, wait for a person."""
    marks = cell.metadata.get("nbgrader", {})
    return bool(cell.cell_type == "code" and marks.get("grade") and not marks.get("solution"))


def leave_to_a_person(nb: NotebookNode) -> None:
    """For an assignment that is no chapter: its tests are not run, and nobody gets points for it.

    nbgrader would give full points to a test without output.
    """
    for cell in nb.cells:
        if _is_test(cell):
            cell.outputs = []
            cell.metadata[LOCAL] = {"not_judged": "it is no check of the course"}


def write_verdict(nb: NotebookNode, verdict: NotebookVerdict) -> None:
    """Put the verdict where nbgrader and the student look for it."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if not _is_test(cell):
            continue
        marks = cell.metadata["nbgrader"]
        name = marks["grade_id"].removeprefix("check_")
        points = verdict.points_of(name)
        shown = verdict.reports.get(name, {"text": "", "html": ""})
        if points is None:
            text = "This could not be graded, through no fault of yours. Your teacher will see it."
            cell.outputs.append(new_output("stream", name="stdout", text=text + "\n"))
            cell.metadata[LOCAL] = {"not_judged": verdict.reason or "a check broke"}
            points = 0.0
        else:
            if verdict.state == "ungradable":
                text = f"Your notebook was set aside: {verdict.reason}."
                cell.outputs.append(new_output("stream", name="stdout", text=text + "\n"))
            else:
                cell.outputs.append(
                    new_output(
                        "display_data",
                        data={"text/plain": shown["text"], "text/html": shown["html"]},
                    )
                )
        cell.outputs.append(
            new_output("execute_result", data={"text/plain": f"{points:g}"}, execution_count=1)
        )
    told = list(verdict.notes)
    if verdict.state == "ungradable":
        told.insert(
            0,
            f"This notebook was set aside: {verdict.reason}. The exercises below are "
            "shown as they were handed out.",
        )
    if told:
        text = "\n".join(f"> {_plain(line)}" for line in told)
        cell = new_markdown_cell("**About your notebook**\n\n" + text)
        cell.id = "about-your-notebook"
        nb.cells.insert(0, cell)


def _plain(line: str) -> str:
    """A line with nothing in it that Markdown or HTML would act on."""
    return re.sub(r"([\\`*_{}\[\]<>#|!&])", r"\\\1", " ".join(line.split()))


class SaveVerdict(SaveAutoGrades):
    """nbgrader's own step; what a fault of ours kept from being judged waits for a person."""

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"],
            self.notebook_id,
            self.assignment_id,
            self.student_id,
        )
        before, was_waiting = grade.auto_score, grade.needs_manual_grade
        super()._add_score(cell, resources)
        if LOCAL in cell.metadata:
            grade.auto_score = None
            grade.needs_manual_grade = True
        elif grade.manual_score is not None and grade.auto_score == before:
            # A person has decided, and nothing has changed since: nbgrader would ask again.
            grade.needs_manual_grade = was_waiting
        self.gradebook.db.commit()
