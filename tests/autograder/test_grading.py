"""Whole notebooks through real nbgrader: what each must earn, and what it must be told."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import grading, sample_class
from autograder.answers import Answer, right_answers, wrong_answers
from autograder.assignments import is_current, reference_source
from autograder.course import chapters, exercises, find_exercise
from autograder.preprocessors import write_verdict
from autograder.report import SIGNS, as_html, as_text, memory_line
from autograder.sample_class import Student
from autograder.submissions import read_submission, released_notebook
from autograder.verdict import max_points, points_left
from autograder.wall import Wall

CHAPTER = "memory_wall"
EXERCISES = exercises(CHAPTER)


def _class_of_answers() -> tuple[dict[str, dict[str, Answer]], int]:
    """Students who each carry one answer on file per exercise, until all are carried."""
    students: dict[str, dict[str, Answer]] = {}
    carried = 0
    for kind, of in (("wrong", wrong_answers), ("right", right_answers)):
        lists = {one.name: of(one) for one in EXERCISES}
        for number in range(max(len(found) for found in lists.values())):
            chosen = {n: found[number] for n, found in lists.items() if number < len(found)}
            carried += len(chosen)
            students[f"{kind}-{number}"] = chosen
    return students, carried


CARRIERS, CARRIED = _class_of_answers()


def _grade(folder: Path, wall: Wall) -> None:
    for graded in grading.grade_class(CHAPTER, wall, course=folder):
        assert graded.verdict.state != "grader_error", (graded.student, graded.verdict.reason)
    api = grading.nbgrader_api(folder)
    for step in ("autograde", "generate_feedback"):
        told = grading.nbgrader_step(api, step, CHAPTER)
        assert told["success"], told["log"]


@pytest.fixture(scope="session")
def graded_class(course_folder: Path, wall: Wall) -> Path:
    """The sample class, graded with nbgrader's own steps."""
    sample_class.hand_in(CHAPTER, course_folder)
    _grade(course_folder, wall)
    return course_folder


@pytest.fixture(scope="session")
def graded_answers(graded_class: Path, wall: Wall) -> Path:
    """The answers on file, handed in and graded after the sample class."""
    for student, chosen in CARRIERS.items():
        folder = graded_class / "classroom" / "submitted" / student / CHAPTER
        folder.mkdir(parents=True)
        filled = sample_class._filled(CHAPTER, {n: a.source for n, a in chosen.items()})
        nbformat.write(filled, folder / f"{CHAPTER}.ipynb")
    _grade(graded_class, wall)
    return graded_class


def _marks(folder: Path, student: str) -> dict[str, float]:
    """Points by exercise, as nbgrader's gradebook has them."""
    with Gradebook(f"sqlite:///{folder}/classroom/gradebook.db") as book:
        notebook = book.find_submission_notebook(CHAPTER, CHAPTER, student)
        assert not any(grade.needs_manual_grade for grade in notebook.grades)
        return {grade.name.removeprefix("check_"): grade.score for grade in notebook.grades}


def _reports(folder: Path, student: str) -> str:
    """All text of a student's autograded notebook."""
    path = folder / "classroom" / "autograded" / student / CHAPTER / f"{CHAPTER}.ipynb"
    notebook = json.loads(path.read_text())
    texts = []
    for cell in notebook["cells"]:
        texts.append("".join(cell["source"]))
        for output in cell.get("outputs", []):
            texts.append("".join(output.get("text", "")))
            texts.append("".join(output.get("data", {}).get("text/plain", "")))
    return "\n".join(texts).replace("\\", "")


@pytest.mark.parametrize("student", sample_class.sample_class(CHAPTER), ids=lambda s: s.name)
def test_the_sample_class_gets_the_marks_and_sentences_it_should(
    student: Student, graded_class: Path
) -> None:
    marks = _marks(graded_class, student.name)
    assert marks == {one.name: student.points.get(one.name, 0.0) for one in EXERCISES}
    for sentence in student.sentences:
        assert sentence in _reports(graded_class, student.name)
    page = graded_class / "classroom" / "feedback" / student.name / CHAPTER / f"{CHAPTER}.html"
    assert page.exists()


@pytest.mark.slow
@pytest.mark.parametrize("student", CARRIERS)
def test_answers_on_file_earn_through_nbgrader_what_their_files_say(
    student: str, graded_answers: Path
) -> None:
    marks = _marks(graded_answers, student)
    told = _reports(graded_answers, student)
    for one in EXERCISES:
        answer = CARRIERS[student].get(one.name)
        expected = 0.0 if answer is None else points_left(one, answer.fails)
        assert marks[one.name] == expected, (one.name, answer, told)
        if answer and not answer.right:
            assert answer.sentence in told


@pytest.mark.slow
def test_every_answer_on_file_went_through_nbgrader(graded_answers: Path) -> None:
    on_file = sum(len(right_answers(one)) + len(wrong_answers(one)) for one in EXERCISES)
    assert on_file == CARRIED > 0


def test_grading_again_changes_nothing(graded_class: Path, wall: Wall) -> None:
    students = [student.name for student in sample_class.sample_class(CHAPTER)]
    before = {student: _marks(graded_class, student) for student in students}
    list(grading.grade_class(CHAPTER, wall, course=graded_class))
    api = grading.nbgrader_api(graded_class)
    assert grading.nbgrader_step(api, "autograde", CHAPTER, force=True)["success"]
    assert {student: _marks(graded_class, student) for student in students} == before


@pytest.mark.parametrize("command", ["autograde", "generate_feedback"])
def test_nbgraders_own_commands_work_with_our_configuration(
    command: str, graded_class: Path
) -> None:
    before = _marks(graded_class, "chi")
    words = [Path(sys.executable).parent / "nbgrader", command, CHAPTER, "--student", "chi"]
    done = subprocess.run(
        [*map(str, words), "--force"], cwd=graded_class, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert _marks(graded_class, "chi") == before


def test_feedback_escapes_what_a_student_wrote(graded_class: Path, wall: Wall) -> None:
    name = EXERCISES[0].name
    evil = f"def {name}(*a, **k):\n    raise ValueError('<script>alert(1)</script>')"
    filled = sample_class._filled(CHAPTER, {name: evil})
    path = graded_class / "evil.ipynb"
    nbformat.write(filled, path)
    submission = read_submission(path, CHAPTER, graded_class)
    verdict = grading.verdict_on(submission, CHAPTER, wall, course=graded_class)
    shown = verdict.reports[name]["html"]
    assert "<script>" not in shown and html.escape("<script>") in shown


def test_hidden_rows_and_seeds_are_not_shown(graded_class: Path) -> None:
    everything = "\n".join(
        path.read_text() for path in (graded_class / "classroom" / "feedback").rglob("*.html")
    )
    assert "published seed" in everything
    assert f"seed {grading.grading_seed(CHAPTER)}" not in everything


# Right on the published data; on more rows than that has, each tells what it can of them.
TELLS = {
    "mean_value_by_city": (
        "found['orders'].sum() > 2_000",
        "found['orders'] += 1\n    return found",
        "rows differ in orders",
    ),
    "load_needed": (
        "len(found) > 2_000",
        # As if the message ended in a line of the answer, which may be shown.
        "raise ValueError('FOUND ' + found.head(9).to_csv() + 'FOUND ' + ': return found')",
        "load_needed raised ValueError. Its message is not shown",
    ),
    "join_rows": (
        "len(given[0]) > 2_000",
        "return found + 1",
        "The number is not the expected one.",
    ),
    "biggest_customers": (
        "__import__('os').path.getsize(given[0]) > 10**6",
        "found.columns = ['FOUND ' + str(found.iloc[0, 0]), *found.columns[1:]]\n    return found",
        "not asked for: 1).",
    ),
    "report": (
        "len(given[0]) > 2_000",
        "return {'FOUND ' + str(given[0].iloc[0, 0]): 1}",
        "A DataFrame was expected, and dict came back.",
    ),
}


@pytest.fixture(scope="module")
def telling(graded_class: Path, wall: Wall) -> grading.NotebookVerdict:
    """The verdict on a notebook that tells of hidden data whatever it can."""
    sources = {}
    for name, (where, tells, _) in TELLS.items():
        right = reference_source(find_exercise(f"{CHAPTER}.{name}"))
        sources[name] = right.replace(f"def {name}(", f"def right_{name}(") + (
            f"\n\n\ndef {name}(*given):\n"
            f"    found = right_{name}(*given)\n"
            f"    if not {where}:\n"
            "        return found\n"
            f"    {tells}\n"
        )
    path = graded_class / "hidden.ipynb"
    nbformat.write(sample_class._filled(CHAPTER, sources), path)
    submission = read_submission(path, CHAPTER, graded_class)
    return grading.verdict_on(submission, CHAPTER, wall, course=graded_class)


@pytest.mark.parametrize("name", TELLS)
def test_a_failure_on_hidden_data_shows_counts_and_no_values(
    name: str, telling: grading.NotebookVerdict
) -> None:
    told = telling.reports[name]["text"]
    assert "a seed kept for grading" in told
    assert TELLS[name][2] in told
    assert "first differing rows" not in told and "expected there" not in told
    assert "FOUND" not in told.replace("'FOUND ' + ", ""), told  # the answer's own line may stand
    assert "were expected, and" not in told


def _words(text: str) -> list[str]:
    return re.findall(r"[^\s<>()]+", text)


def test_a_page_says_what_a_terminal_says_and_signs_it_without_colour(
    graded_class: Path, telling: grading.NotebookVerdict
) -> None:
    files = (graded_class / "classroom" / "verdicts" / CHAPTER).glob("*.json")
    verdicts = [telling, *filter(None, map(grading.load_verdict, files))]
    states = set()
    for one in (one for verdict in verdicts for one in verdict.exercises):
        text, page = as_text(one), as_html(one)
        states.add(one.state)
        plain = html.unescape(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", page, flags=re.DOTALL))
        said = "\n".join(line for line in text.splitlines() if "reached" not in line)
        missing = Counter(_words(said.casefold())) - Counter(_words(plain.casefold()))
        assert not missing, (one.exercise, missing)
        signs = sum(text.count(sign) for sign in SIGNS.values())
        assert (
            signs
            == sum(plain.count(sign) for sign in SIGNS.values())
            >= 1 + len(one.tests if one.finding else ())
        )
        if one.finding and memory_line(one.finding):
            assert memory_line(one.finding) in text
            assert f"{one.finding.budget_mb:.0f} MiB" in html.unescape(page)
    assert {"passed", "failed", "not attempted"} <= states


def test_a_fault_of_ours_is_not_a_zero() -> None:
    notebook = released_notebook(CHAPTER)
    verdict = grading.NotebookVerdict("grader_error", reason="RuntimeError: the disk is full")
    write_verdict(notebook, verdict)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            assert cell.metadata["beyond_pandas"]["not_judged"]
            assert "no fault of yours" in cell.outputs[0].text


@pytest.mark.parametrize("chapter", chapters())
def test_exercises_are_exactly_what_the_solutions_generate(chapter: str) -> None:
    assert is_current(chapter), f"run `make exercises`: exercises/{chapter} is out of date"


@pytest.mark.parametrize("chapter", chapters())
def test_no_solution_and_no_output_is_handed_out(chapter: str) -> None:
    notebook = released_notebook(chapter)
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "SOLUTION" not in text and "HIDDEN" not in text
    assert not any(cell.get("outputs") for cell in notebook.cells)
    points = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points
        for c in notebook.cells
        if c.metadata.get("nbgrader", {}).get("grade")
    }
    worth: Mapping[str, float] = {
        f"check_{one.name}": sum(max_points(one).values()) for one in exercises(chapter)
    }
    assert points == worth
