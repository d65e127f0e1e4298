"""Whatever a student hands in, reading it gives a notebook and a clear line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.submissions import LARGEST_FILE, read_submission, released_notebook

CHAPTER = "memory_wall"
NAME = "mean_value_by_city"
ANSWER = f"def {NAME}(path, chunk_rows):\n    return 1"


def notebook() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(nbformat.writes(released_notebook(CHAPTER)))
    for cell in data["cells"]:
        if grade_id(cell) == NAME:
            cell["source"] = ANSWER
    return data


def grade_id(cell: dict[str, Any]) -> str | None:
    name: str | None = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return name


def hand_in(folder: Path, content: bytes | dict[str, Any]) -> Path:
    path = folder / f"{CHAPTER}.ipynb"
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(raw)
    return path


UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", "empty"),
    "white space": (lambda: b" \n ", "empty"),
    "no JSON": (lambda: b"not a notebook", "not valid JSON"),
    "half a file": (lambda: json.dumps(notebook()).encode()[:-50], "not valid JSON"),
    "a zero byte": (lambda: b"\x00" * 20, "not valid JSON"),
    "latin-1": (lambda: '{"città": 1}'.encode("latin-1"), "not UTF-8"),
    "UTF-16": (lambda: json.dumps(notebook()).encode("utf-16"), "not UTF-8"),
    "a list": (lambda: b"[]", "not a notebook"),
    "a number": (lambda: b"7", "not a notebook"),
    "an unknown format": (lambda: b'{"nbformat": 99, "cells": []}', "format 99"),
    "no format": (lambda: b'{"cells": []}', "format None"),
    "cells that are no list": (lambda: b'{"nbformat": 4, "cells": 3}', "no list of cells"),
    "a broken format 3": (lambda: b'{"nbformat": 3, "worksheets": 3}', "format 3"),
    "deep nesting": (lambda: b"[" * 100_000, "not valid JSON"),
    "too many cells": (
        lambda: json.dumps({"nbformat": 4, "cells": [{}] * 2_001}).encode(),
        "more than 2,000 cells",
    ),
}


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


def _twice(data: dict[str, Any]) -> None:
    place = next(i for i, c in enumerate(data["cells"]) if grade_id(c) == NAME)
    data["cells"].insert(place, {**data["cells"][place], "source": "first = 1"})


def _untouched_twin_after(data: dict[str, Any]) -> None:
    twin = next(c for c in released_notebook(CHAPTER).cells if grade_id(c) == NAME)
    data["cells"].append(json.loads(json.dumps(twin)))


def _metadata(**marks: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        for cell in data["cells"]:
            if grade_id(cell) == NAME:
                cell["metadata"]["nbgrader"].update(marks)

    return change


def _nan(data: dict[str, Any]) -> None:
    data["cells"][-1]["outputs"] = [{"output_type": "execute_result", "data": float("nan")}]


def _old_lines(data: dict[str, Any]) -> None:
    for cell in data["cells"]:
        if grade_id(cell) == NAME:
            cell["source"] = ANSWER.replace("\n", "\r\n")


MENDED: dict[str, Callable[[dict[str, Any]], None]] = {
    "as it is": lambda data: None,
    "a cell that stands twice": _twice,
    "an untouched twin after it": _untouched_twin_after,
    "a newer schema version": _metadata(schema_version=99),
    "points of the student's own": _metadata(points=1_000, grade=True),
    "marks of a wrong type": _metadata(schema_version="three", task=[]),
    "NaN in an output": _nan,
    "Windows line ends": _old_lines,
    "cells in another order": lambda data: data["cells"].reverse(),
    "another kernel": lambda data: data["metadata"].update(kernelspec={"name": "ir"}),
    "no metadata": lambda data: data.update(metadata={}),
    "cells that are no cells": lambda data: data["cells"].extend([None, 3, {"cell_type": "x"}]),
    "a million characters of output": lambda data: data["cells"][-1].update(outputs=["x" * 10**6]),
}


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
