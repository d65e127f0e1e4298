"""What students hand in by mistake, and what must come of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from autograder.submissions import released_notebook

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
    "a format of a wrong kind": (lambda: b'{"nbformat": [4], "cells": []}', "format [4]"),
    "a format of a million letters": (
        lambda: json.dumps({"nbformat": "\x1b[2J\ud800" * 10**5, "cells": []}).encode(),
        "the notebook says it has format",
    ),
    "a number of 10,000 digits": (
        lambda: b'{"nbformat": ' + b"4" * 10_000 + b"}",
        "not valid JSON",
    ),
    "too many cells": (
        lambda: json.dumps({"nbformat": 4, "cells": [{}] * 2_001}).encode(),
        "more than 2,000 cells",
    ),
}


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


ODD: list[Any] = [["code"], {}, 3, None]  # where a text should stand
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
    "kinds of cells of a wrong kind": lambda data: data["cells"].extend(
        {"cell_type": kind, "source": "x = 1", "metadata": {}} for kind in ODD
    ),
    "sources of a wrong kind": lambda data: data["cells"].extend(
        {"cell_type": "code", "source": source, "metadata": {}} for source in ODD
    ),
    "metadata of a wrong kind": lambda data: data["cells"].extend(
        {"cell_type": "code", "source": "x = 1", "metadata": marks}
        for marks in ("x", *({"nbgrader": one} for one in ODD), {"nbgrader": {"grade_id": ["x"]}})
    ),
    "half a character in a text": lambda data: data["cells"].append(
        {"cell_type": "markdown", "source": "a phone cut this emoji: \ud83d", "metadata": {}}
    ),
    "a million characters of output": lambda data: data["cells"][-1].update(outputs=["x" * 10**6]),
}
