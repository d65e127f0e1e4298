"""Whatever a student hands in, reading it gives a notebook and a clear line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest

from autograder.submissions import (
    LARGEST_FILE,
    read_submission,
    released_notebook,
    same_program,
)
from tests.autograder.bad_notebooks import (
    ANSWER,
    CHAPTER,
    MENDED,
    NAME,
    UNREADABLE,
    grade_id,
    hand_in,
    notebook,
)


@pytest.mark.parametrize("what", UNREADABLE)
def test_it_is_set_aside_with_a_reason(what: str, tmp_path: Path) -> None:
    make, sentence = UNREADABLE[what]
    read = read_submission(hand_in(tmp_path, make()), CHAPTER)
    assert sentence in read.set_aside
    released = released_notebook(CHAPTER)
    assert [c.source for c in read.notebook.cells] == [c.source for c in released.cells]
    nbformat.validate(read.notebook)


def test_a_file_that_is_too_large_is_set_aside(tmp_path: Path) -> None:
    path = hand_in(tmp_path, b"x")
    os.truncate(path, LARGEST_FILE + 1)
    assert "larger than 64 MiB" in read_submission(path, CHAPTER).set_aside


@pytest.mark.parametrize("what", ["link", "folder", "pipe", "nothing"])
def test_what_is_no_plain_file_is_set_aside(what: str, tmp_path: Path) -> None:
    path = tmp_path / f"{CHAPTER}.ipynb"
    if what == "link":
        secret = tmp_path / "gradebook.db"
        secret.write_text(json.dumps(notebook()))
        path.symlink_to(secret)
    elif what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    assert read_submission(path, CHAPTER).set_aside


@pytest.mark.parametrize("what", MENDED)
def test_it_is_mended_and_the_answer_kept(what: str, tmp_path: Path) -> None:
    data = notebook()
    MENDED[what](data)
    read = read_submission(hand_in(tmp_path, data), CHAPTER)
    assert not read.set_aside
    nbformat.validate(read.notebook)
    marked = {
        c.metadata.nbgrader.grade_id: c for c in read.notebook.cells if "nbgrader" in c.metadata
    }
    released = {
        c.metadata.nbgrader.grade_id: c
        for c in released_notebook(CHAPTER).cells
        if "nbgrader" in c.metadata
    }
    assert marked[NAME].source == ANSWER
    assert {n: dict(c.metadata.nbgrader) for n, c in marked.items()} == {
        n: dict(c.metadata.nbgrader) for n, c in released.items()
    }


@pytest.mark.parametrize("first", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_does_no_harm(first: str, tmp_path: Path) -> None:
    path = hand_in(tmp_path, json.dumps(notebook()).encode(first))
    assert not read_submission(path, CHAPTER).set_aside


def test_a_missing_answer_counts_as_not_attempted(tmp_path: Path) -> None:
    data = notebook()
    data["cells"] = [c for c in data["cells"] if grade_id(c) != NAME]
    read = read_submission(hand_in(tmp_path, data), CHAPTER)
    assert any("counts as not attempted" in note for note in read.notes)


def test_graded_cells_are_ours_whatever_the_student_wrote_there(tmp_path: Path) -> None:
    data = notebook()
    for cell in data["cells"]:
        if grade_id(cell) == f"check_{NAME}":
            cell["source"] = "100"
    read = read_submission(hand_in(tmp_path, data), CHAPTER)
    sources = [c.source for c in read.notebook.cells]
    assert f"check({NAME})" in sources and "100" not in sources


GIVEN = """def f(x):
    'What it does.'
    if x:  # always
        return g(x)
    return 'x'
"""


@pytest.mark.parametrize(
    "changed",
    [
        GIVEN.replace("  # always", ""),
        GIVEN.replace("    'What it does.'\n", ""),
        GIVEN.replace("What it does", "Something else"),
        "# mine\n\n" + GIVEN.replace("    if", "\n    # now\n    if") + "\n\n",
        GIVEN.replace("    ", "  ").replace("g(x)", "g( x )"),
    ],
)
def test_a_comment_makes_no_other_program(changed: str) -> None:
    assert changed != GIVEN and same_program(changed, GIVEN)


@pytest.mark.parametrize(
    "changed",
    [
        GIVEN.replace("'x'", "'y'"),
        GIVEN.replace("    return 'x'", "        return 'x'"),
        GIVEN.replace("if x", "if not x"),
        GIVEN.replace("g(x)", "g"),
        GIVEN.replace("def", "def ("),
        "",
    ],
)
def test_what_runs_makes_another_program(changed: str) -> None:
    assert not same_program(changed, GIVEN)
