"""A class full of bad notebooks: each gets its mark and a clear line, and no one else pays."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder import grading
from autograder.assignments import reference_source
from autograder.classroom.writing import write_marks
from autograder.course import exercises, find_exercise
from autograder.grading import NotebookVerdict
from autograder.submissions import LARGEST_FILE
from autograder.wall import Wall
from tests.autograder.bad_notebooks import CHAPTER, MENDED, UNREADABLE, grade_id, notebook

NAME = "frame_bytes"
RIGHT = reference_source(find_exercise(f"{CHAPTER}.{NAME}"))
FULL = 10.0


@dataclass(frozen=True)
class Bad:
    """One student's folder, and what must come of it."""

    put: Callable[[Path], None]  # into the folder classroom/submitted/<student>/<chapter>
    state: str
    points: float  # of NAME
    told: str = ""


def _filled() -> dict[str, Any]:
    data = notebook()
    for cell in data["cells"]:
        if grade_id(cell) == NAME:
            cell["source"] = RIGHT
    return data


def _writes(content: Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda folder: _write(folder, content())


def _write(folder: Path, content: bytes, name: str = f"{CHAPTER}.ipynb") -> None:
    (folder / name).write_bytes(content)


def _changed(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def put(folder: Path) -> None:
        data = _filled()
        change(data)
        _write(folder, json.dumps(data).encode())

    return put


def _own_cell(data: dict[str, Any]) -> None:
    """The answer in a new cell, and the given one as it was handed out."""
    given = notebook()["cells"]
    place = next(i for i, c in enumerate(data["cells"]) if grade_id(c) == NAME)
    data["cells"][place] = next(c for c in given if grade_id(c) == NAME)
    cell = {"cell_type": "code", "metadata": {}, "source": RIGHT, "outputs": [], "id": "mine"}
    data["cells"].insert(place, {**cell, "execution_count": None})


def _own_cell_alone(data: dict[str, Any]) -> None:
    for cell in data["cells"]:
        if grade_id(cell) == NAME:
            cell["metadata"] = {}


def _renamed(data: dict[str, Any]) -> None:
    for cell in data["cells"]:
        if grade_id(cell) == NAME:
            cell["metadata"]["nbgrader"]["grade_id"] = "my_answer"


def _missing(data: dict[str, Any]) -> None:
    data["cells"] = [c for c in data["cells"] if grade_id(c) != NAME]


def _many_outputs(data: dict[str, Any]) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
    data["cells"][-1]["outputs"] = [output]


def _zero_in_source(data: dict[str, Any]) -> None:
    for cell in data["cells"]:
        if grade_id(cell) == NAME:
            cell["source"] = RIGHT.replace("\n", "\x00\n", 1)


def _half_in_source(data: dict[str, Any]) -> None:
    for cell in data["cells"]:
        if grade_id(cell) == NAME:
            cell["source"] = f"{RIGHT}\n# \ud83d"


def _windows(data: dict[str, Any]) -> None:
    for cell in data["cells"]:
        if grade_id(cell) == NAME:
            cell["source"] = RIGHT.replace("\n", "\r\n")


def _in_r(data: dict[str, Any]) -> None:
    data["metadata"] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = "weights <- function(schema, rows) { sum(schema) * rows }"


def _version_3(folder: Path) -> None:
    cells = []
    for cell in _filled()["cells"]:
        kind = cell["cell_type"]
        text = {"input": cell["source"], "language": "python", "outputs": [], "collapsed": False}
        plain = {"source": cell["source"]}
        cells.append({"cell_type": kind, "metadata": cell["metadata"]} | (
            text if kind == "code" else plain))  # fmt: skip
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""},
           "worksheets": [{"cells": cells, "metadata": {}}]}  # fmt: skip
    _write(folder, json.dumps(old).encode())


def _two_notebooks(folder: Path) -> None:
    _write(folder, json.dumps(_filled()).encode())
    _write(folder, json.dumps(notebook()).encode(), f"{CHAPTER} (1).ipynb")


def _secret_link(folder: Path) -> None:
    secret = folder.parents[1] / "honest" / CHAPTER / f"{CHAPTER}.ipynb"
    (folder / f"{CHAPTER}.ipynb").symlink_to(secret)


def _folder_is_a_link(folder: Path) -> None:
    folder.rmdir()
    folder.symlink_to(folder.parents[1] / "honest" / CHAPTER)


def _named(name: bytes) -> Callable[[Path], None]:
    def put(folder: Path) -> None:
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(json.dumps(_filled()).encode())

    return put


def _large(folder: Path) -> None:
    _write(folder, b"x")
    os.truncate(folder / f"{CHAPTER}.ipynb", LARGEST_FILE + 1)


# What the corpus does to the answer of another exercise is done to ours as well.
BAD: dict[str, Bad] = {
    **{
        f"set aside: {what}": Bad(_writes(make), "ungradable", 0, told)
        for what, (make, told) in UNREADABLE.items()
    },
    **{f"mended: {what}": Bad(_changed(change), "graded", FULL) for what, change in MENDED.items()},
    "a file that is too large": Bad(_large, "ungradable", 0, "larger than 64 MiB"),
    "a link to another's work": Bad(_secret_link, "ungradable", 0, "link"),
    "a folder that is a link to another's": Bad(_folder_is_a_link, "ungradable", 0, "is a link"),
    "a folder instead of a file": Bad(
        lambda folder: (folder / f"{CHAPTER}.ipynb").mkdir(), "ungradable", 0, "not a plain file"
    ),
    "a pipe": Bad(lambda folder: os.mkfifo(folder / f"{CHAPTER}.ipynb"), "ungradable", 0, "file"),
    "no cells": Bad(
        _changed(lambda data: data.update(cells=[])), "graded", 0, "counts as not attempted"
    ),
    "a missing cell": Bad(_changed(_missing), "graded", 0, "counts as not attempted"),
    "a renamed cell": Bad(_changed(_renamed), "graded", FULL, "stood in a cell of its own"),
    "an answer in another cell": Bad(
        _changed(_own_cell), "graded", FULL, "stood in a cell of its own"
    ),
    "an answer without its marks": Bad(
        _changed(_own_cell_alone), "graded", FULL, "stood in a cell of its own"
    ),
    "50 MB of output": Bad(_changed(_many_outputs), "graded", FULL),
    "a zero character in an answer": Bad(_changed(_zero_in_source), "graded", FULL),
    "half a character in an answer": Bad(_changed(_half_in_source), "graded", FULL),
    "line ends of Windows in an answer": Bad(_changed(_windows), "graded", FULL),
    "a byte order mark": Bad(
        _writes(lambda: b"\xef\xbb\xbf" + json.dumps(_filled()).encode()), "graded", FULL
    ),
    "another language": Bad(_changed(_in_r), "graded", 0),
    "a notebook of version 3": Bad(_version_3, "graded", FULL),
    "a wrong file name": Bad(
        lambda folder: _write(folder, json.dumps(_filled()).encode(), "Untitled.ipynb"),
        "ungradable",
        0,
        "there is no memory_wall.ipynb; what was handed in is Untitled.ipynb",
    ),
    "a file name that acts on terminals": Bad(
        _named(b"\x1b[2J=cmd.ipynb"), "ungradable", 0, "\ufffd[2J=cmd.ipynb"
    ),
    "a file name that is no UTF-8": Bad(
        _named(b"L\xf6sung.ipynb"), "ungradable", 0, "L\ufffdsung.ipynb"
    ),
    "two notebooks": Bad(_two_notebooks, "graded", FULL),
}
# To nbgrader nothing was handed in by them.
OF_ANOTHER_NAME = {
    "a wrong file name", "a file name that acts on terminals", "a file name that is no UTF-8",
}  # fmt: skip
# Would act on a terminal, or cannot be written: see autograder/texts.py
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")
STUDENTS = {f"b{number:02}": name for number, name in enumerate(BAD)}


@pytest.fixture(scope="module")
def class_folder(course_folder: Path) -> Iterator[Path]:
    submitted, aside = (course_folder / "classroom" / n for n in ("submitted", "before-bad"))
    if submitted.exists():
        submitted.rename(aside)
    for student in ("honest", *STUDENTS):
        folder = submitted / student / CHAPTER
        folder.mkdir(parents=True)
        if student == "honest":
            _write(folder, json.dumps(_filled()).encode())
        else:
            BAD[STUDENTS[student]].put(folder)
    yield course_folder
    shutil.rmtree(submitted)
    if aside.exists():
        aside.rename(submitted)


@pytest.fixture(scope="module")
def verdicts(class_folder: Path, wall: Wall) -> dict[str, NotebookVerdict]:
    graded = grading.grade_class(CHAPTER, wall, course=class_folder)
    return {one.student: one.verdict for one in graded}


@pytest.mark.counted("bad notebooks handled")
@pytest.mark.parametrize("student", STUDENTS, ids=STUDENTS.get)
def test_it_has_a_mark_and_a_line(student: str, verdicts: dict[str, NotebookVerdict]) -> None:
    bad, verdict = BAD[STUDENTS[student]], verdicts[student]
    assert verdict.state == bad.state, verdict.reason
    assert verdict.points_of(NAME) == bad.points, verdict.reports[NAME]["text"]
    told = "\n".join([verdict.reason, *verdict.notes])
    assert bad.told in told
    assert "Traceback" not in told and "\n\n" not in told
    assert len(told) < 2_000 and not ACTS.search(told)


def test_the_honest_student_is_graded_as_ever(verdicts: dict[str, NotebookVerdict]) -> None:
    assert verdicts["honest"].points_of(NAME) == FULL
    assert len(verdicts) == len(BAD) + 1 and len(BAD) >= 25


@pytest.mark.slow
def test_nbgrader_writes_the_marks_of_all_of_them(
    class_folder: Path, verdicts: dict[str, NotebookVerdict]
) -> None:
    write_marks(CHAPTER, class_folder, list(verdicts), force=True)
    with Gradebook(f"sqlite:///{class_folder}/classroom/gradebook.db") as book:
        for student, verdict in verdicts.items():
            if STUDENTS.get(student) in OF_ANOTHER_NAME:
                continue
            kept = book.find_submission_notebook(CHAPTER, CHAPTER, student)
            marks = {grade.name.removeprefix("check_"): grade.score for grade in kept.grades}
            assert marks == {one.name: verdict.points_of(one.name) for one in exercises(CHAPTER)}
            feedback = class_folder / "classroom" / "feedback" / student / CHAPTER
            page = (feedback / f"{CHAPTER}.html").read_text()
            if verdict.reason:
                assert verdict.reason.split(":")[0] in html.unescape(page)
