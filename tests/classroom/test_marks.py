"""Tables of marks and the class report, where no notebook has to be graded for them."""

from __future__ import annotations

import csv
import io

import nbformat
import pytest

from autograder import verdict as v
from autograder.classroom.class_report import as_page, as_tables, make_report
from autograder.classroom.marks import Column, cannot_import, harmless, table
from autograder.classroom.roster import Member
from autograder.classroom.standing import Standing
from autograder.course import exercises
from autograder.grading import NotebookVerdict
from autograder.submissions import Submission
from autograder.verdict import ExerciseVerdict, Finding

EVIL = Member("ada", '=HYPERLINK("http://x")', "+1", "@x", id_number="-2", canvas_name="\t=1+1")


@pytest.mark.parametrize("system", ["moodle", "canvas", "plain"])
def test_no_cell_of_text_is_a_formula(system: str) -> None:
    columns = [Column("=cmd|' /C calc'!A0", {"ada": 1.5}, 80)]
    rows = list(csv.reader(io.StringIO(table(system, [EVIL], columns))))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows[-1][-1] == "1.5"


@pytest.mark.parametrize("text", ["Ada", "O'Neil", "ada@x.org", "", "  Points"])
def test_usual_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_student_without_a_mark_has_an_empty_cell_and_numbers_are_plain() -> None:
    members = [Member(name) for name in ("a", "b", "c", "d")]
    marks = {"a": None, "b": 0.0, "c": 7.0, "d": 6.6667}
    columns = [Column("one", marks, 10), Column("two", {"a": 100.0}, 100)]
    rows = list(csv.reader(io.StringIO(table("plain", members, columns))))
    assert [row[-2] for row in rows] == ["one", "", "0", "7", "6.67"]
    assert [row[-1] for row in rows] == ["two", "100", "", "", ""]


def test_a_row_that_a_system_cannot_place_is_told() -> None:
    assert cannot_import("moodle", Member("ada"))
    assert cannot_import("canvas", Member("ada", email="a@x"))
    assert not cannot_import("moodle", Member("ada", email="a@x"))
    assert not cannot_import("canvas", Member("ada", canvas_id="1"))
    assert not cannot_import("plain", Member("ada"))


def standing(student: str, verdict: NotebookVerdict | None) -> Standing:
    submission = Submission(nbformat.v4.new_notebook())
    return Standing(student, submission, "key", verdict, "key", None, True)


def test_the_report_counts_who_tried_and_names_what_broke() -> None:
    order = [one.name for one in exercises("memory_wall")]
    first, second = f"memory_wall.{order[0]}", f"memory_wall.{order[1]}"

    def verdict(outcomes: tuple[str, str], misconception: str = "") -> NotebookVerdict:
        tests = tuple(
            v.TestVerdict(f"test_{name}", outcome, 0, 5, "boom")
            for name, outcome in zip(("easy", "hard"), outcomes, strict=True)
        )
        state = "error" if "error" in outcomes else "failed" if "failed" in outcomes else "passed"
        finding = Finding("h", misconception=misconception, advice="<b>Bits</b> are not bytes.")
        one = ExerciseVerdict(first, state, 0, 10, tests, finding if misconception else None)
        return NotebookVerdict("graded", [one, ExerciseVerdict(second, "not attempted", 0, 10)])

    report = make_report(
        "memory_wall",
        [
            standing("ada", verdict(("passed", "passed"))),
            standing("bo", verdict(("passed", "failed"), "bits")),
            standing("cy", verdict(("failed", "skipped"), "bits")),
            standing("dan", verdict(("passed", "error"))),
            standing("eve", NotebookVerdict("ungradable", reason="[bold]no JSON")),
            standing("fay", NotebookVerdict("grader_error", reason="OSError: disk full")),
            standing("gus", None),
        ],
    )
    assert [(c.test, c.failed, c.judged, c.skipped) for c in report.checks] == [
        ("test_hard", 1, 2, 1),
        ("test_easy", 1, 4, 0),
    ]
    assert [(m.name, m.students) for m in report.mistakes] == [("bits", 2)]
    assert dict(report.not_attempted) == {order[1]: 4} | {
        name: 0 for name in order if name != order[1]
    }
    assert report.set_aside == (("eve", "[bold]no JSON"),)
    assert [who for who, _ in report.our_faults] == ["dan", "fay"]
    assert report.waiting == ("gus",)
    page = as_page(report)
    assert "<b>Bits" not in page and "&lt;b&gt;Bits&lt;/b&gt; are not bytes." in page
    shown = io.StringIO()
    from rich.console import Console

    Console(file=shown, width=200).print(as_tables(report))
    for text in ("50% (1 of 2)", "25% (1 of 4)", "[bold]no JSON", "OSError: disk full", "gus"):
        assert text in shown.getvalue()
        assert text in page


def test_a_class_without_verdicts_has_a_report_too() -> None:
    page = as_page(make_report("memory_wall", [standing("ada", None)]))
    assert "Nothing is graded yet." in page and "0 of 1" in page
