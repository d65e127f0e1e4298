"""Read a student's notebook: with limits, repaired where it can be, set aside where it cannot.

No one's notebook may stop the class, so whatever is wrong with the file ends here: in a clean
notebook with a note for the student, or in the released notebook with the reason why the
student's own could not be used.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course import ROOT, CourseError, content_hash
from autograder.texts import readable, without_halves

LARGEST_FILE = 64 * 1024 * 1024
MOST_CELLS = 2_000
LONGEST_SOURCE = 1_000_000
LONGEST_REASON = 400
LOCAL = "beyond_pandas"  # our key in a notebook's metadata


@dataclass(frozen=True)
class Submission:
    """A notebook that nbgrader and the runner can take, and what was said about the original."""

    notebook: NotebookNode
    notes: tuple[str, ...] = ()
    set_aside: str = ""  # why the student's own notebook was not used


class Unreadable(ValueError):
    """The file cannot be used; the message says why, to the student."""


def released_notebook(chapter: str, course: Path = ROOT) -> NotebookNode:
    """The notebook that students were given. Raises `CourseError` when it was not generated."""
    path = course / "exercises" / chapter / f"{chapter}.ipynb"
    if not path.exists():
        raise CourseError(f"exercises/{chapter} is missing: run `make exercises`")
    return nbformat.read(path, as_version=4)


def read_bytes(path: Path) -> bytes:
    """The file's content, unless it or its folder is a link, it is no plain file, or too large."""
    if path.parent.is_symlink():
        raise Unreadable("the folder of the notebook is a link")
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as problem:
        others = ", ".join(sorted(one.name for one in path.parent.glob("*.ipynb"))[:3])
        there = f"; what was handed in is {others}: rename it" if others else ""
        raise Unreadable(f"there is no {path.name}{there}") from problem
    except OSError as problem:
        raise Unreadable("the notebook is a link, or cannot be opened") from problem
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("the notebook is not a plain file")
        if about.st_size > LARGEST_FILE:
            raise Unreadable(
                f"the file is larger than {LARGEST_FILE >> 20} MiB: clear the outputs "
                "(Edit > Clear Outputs of All Cells), save, and hand it in again"
            )
        with os.fdopen(os.dup(handle), "rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as problem:
        raise Unreadable("the notebook cannot be read") from problem
    finally:
        os.close(handle)


def _parse(raw: bytes) -> dict[str, Any]:
    if not raw.strip():
        raise Unreadable("the file is empty")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Unreadable("the file is not UTF-8 text, as a notebook is") from problem
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as problem:
        where = f" (line {problem.lineno})" if isinstance(problem, json.JSONDecodeError) else ""
        raise Unreadable(
            f"the file is not a notebook: it is not valid JSON{where}. Open it in JupyterLab, "
            "save it, and hand it in again"
        ) from problem
    if not isinstance(data, dict):
        raise Unreadable("the file is JSON, and not a notebook")
    return data


def _cells_of(data: dict[str, Any]) -> list[Any]:
    version = data.get("nbformat")
    if version == 3:
        try:
            data = nbformat.convert(nbformat.from_dict(data), 4)
        except Exception as problem:  # nbformat raises whatever a bad cell makes it raise
            raise Unreadable("the notebook has the old format 3 and cannot be converted") from (
                problem
            )
    elif version != 4:
        raise Unreadable(f"the notebook says it has format {version!r}; this course uses format 4")
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("the notebook has no list of cells")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"the notebook has more than {MOST_CELLS:,} cells")
    return cells


def _text(source: Any) -> str | None:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or len(source) > LONGEST_SOURCE:
        return None
    return without_halves(source.replace("\r\n", "\n").replace("\x00", ""))


def _grade_id(cell: dict[str, Any]) -> str | None:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None


def _same_code(one: str, other: str) -> bool:
    """Whether two sources are the same but for white space at line ends and around."""
    return [line.rstrip() for line in one.strip().splitlines()] == [
        line.rstrip() for line in other.strip().splitlines()
    ]


def same_program(one: str, other: str) -> bool:
    """Whether two sources differ in nothing that runs: in comments, docstrings or white space.

    Code that was given to be mended is correct, and would earn points: a comment is no attempt.
    """
    return _tokens(one) == _tokens(other)


def _tokens(source: str) -> list[str]:
    """What runs of a source, piece by piece, or its lines where it is no Python.

    Read token by token: a student's source could bring a parser down.
    """
    layout = {tokenize.NEWLINE: "line", tokenize.INDENT: "indent", tokenize.DEDENT: "dedent"}
    pieces: list[str] = []
    statement: list[tokenize.TokenInfo] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source + "\n").readline):
            if token.type in {tokenize.COMMENT, tokenize.NL}:
                continue
            if token.type not in layout:
                statement.append(token)
                continue
            says_nothing = all(one.type == tokenize.STRING for one in statement)
            if token.type != tokenize.NEWLINE or not says_nothing:
                pieces += [*(one.string for one in statement), layout[token.type]]
            statement = []
    except (SyntaxError, tokenize.TokenError):
        return [line.rstrip() for line in source.strip().splitlines()]
    return pieces


def _rebuild(cells: list[Any], released: NotebookNode) -> tuple[list[NotebookNode], list[str]]:
    """The student's cells in their order, with the grading metadata of the released ones."""
    known = {
        c.metadata["nbgrader"]["grade_id"]: c for c in released.cells if "nbgrader" in c.metadata
    }
    notes: list[str] = []
    read: list[tuple[str | None, NotebookNode]] = []
    for number, cell in enumerate(cells, start=1):
        source = _text(cell.get("source")) if isinstance(cell, dict) else None
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        if source is None or not isinstance(kind, str) or kind not in {"code", "markdown", "raw"}:
            notes.append(f"Cell {number} was left out: it is not a cell of a notebook.")
            continue
        name = _grade_id(cell)
        name = name if name in known else None
        made = {
            "code": nbformat.v4.new_code_cell,
            "markdown": nbformat.v4.new_markdown_cell,
            "raw": nbformat.v4.new_raw_cell,
        }[known[name].cell_type if name else kind](source)
        read.append((name, made))
    chosen: dict[str, int] = {}
    for place, (name, cell) in enumerate(read):
        if name is None:
            continue
        if name in chosen:
            notes.append(
                f"The cell of {name} occurs more than once; the last one that was changed counts."
            )
            if _same_code(cell.source, known[name].source):
                continue
        chosen[name] = place
    _find_elsewhere(read, chosen, known, notes)
    rebuilt: list[NotebookNode] = []
    for place, (name, cell) in enumerate(read):
        cell.id = content_hash(str(place), cell.source)[:12]
        if name is not None and chosen[name] == place:
            cell = _with_marks(cell, known[name])
        elif name is not None and (
            known[name].metadata["nbgrader"]["locked"]
            or _same_code(cell.source, known[name].source)
        ):
            continue  # a copy of a cell that is not the student's to write, or as it was given
        rebuilt.append(cell)
    for name, cell in known.items():
        if name not in chosen:
            if cell.metadata["nbgrader"]["solution"]:
                notes.append(f"The cell of {name} was missing; it counts as not attempted.")
            rebuilt.append(_with_marks(nbformat.from_dict(cell), cell))
    return rebuilt, notes


def _find_elsewhere(
    read: list[tuple[str | None, NotebookNode]],
    chosen: dict[str, int],
    known: dict[str, NotebookNode],
    notes: list[str],
) -> None:
    """Take a cell of the student's own for the answer where the answer's cell is gone or untouched.

    Changes `read` and `chosen`: the last cell that defines the function gets the answer's name.
    """
    for name, released in known.items():
        if not released.metadata["nbgrader"]["solution"]:
            continue
        if name in chosen and not same_program(read[chosen[name]][1].source, released.source):
            continue
        defines = re.compile(rf"^def {re.escape(name)}\s*\(", re.MULTILINE)
        own = [
            place
            for place, (other, cell) in enumerate(read)
            if other is None and cell.cell_type == "code" and defines.search(cell.source)
        ]
        if own:
            read[own[-1]] = (name, read[own[-1]][1])
            chosen[name] = own[-1]
            notes.append(f"The answer to {name} stood in a cell of its own; it counts.")


def _with_marks(cell: NotebookNode, released: NotebookNode) -> NotebookNode:
    marks = released.metadata["nbgrader"]
    cell.metadata["nbgrader"] = nbformat.from_dict(dict(marks))
    cell.id = released.id
    if marks["locked"]:
        cell.source = released.source
    return cell


def read_submission(path: Path, chapter: str, course: Path = ROOT) -> Submission:
    """The submission at `path`. Never raises for what a student handed in."""
    released = released_notebook(chapter, course)
    try:
        cells, notes = _rebuild(_cells_of(_parse(read_bytes(path))), released)
        reason = ""
    except Unreadable as problem:
        cells, notes, reason = released.cells, [], readable(str(problem), LONGEST_REASON)
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=released.metadata)
    notebook.nbformat_minor = 5
    notebook.metadata[LOCAL] = {"notes": notes, "set_aside": reason}
    return Submission(notebook, tuple(notes), reason)
