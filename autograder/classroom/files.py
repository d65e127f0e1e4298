"""Where the class's files lie, and how they are written: whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path

from autograder.course import CourseError


def classroom(course: Path) -> Path:
    return course / "classroom"


def submitted_folder(course: Path, student: str, chapter: str) -> Path:
    return classroom(course) / "submitted" / student / chapter


def write_whole(path: Path, content: bytes) -> None:
    """Write `path` so that a reader, or a killed run, finds the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(part, 0o644)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def read_table(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]], str]:
    """A CSV file as (column names, [(line, row)], encoding); names and values are stripped.

    Spreadsheets write commas, semicolons or tabs, in UTF-8 or in Windows-1252. Both are told
    apart by the content.

    Raises:
        CourseError: the file cannot be read, has no header, or names a column twice.
    """
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise CourseError(f"{path} cannot be read: {problem.strerror or problem}") from problem
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as problem:
            raise CourseError(f"{path.name} is not text: save it as CSV in UTF-8") from problem
    if "\x00" in text:
        raise CourseError(f"{path.name} is not a CSV file: save it as CSV in UTF-8")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns: list[str] = []
    rows = []
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if not columns:
                columns = cells
                continue
            rows.append((reader.line_num, dict(zip(columns, cells, strict=False))))
    except csv.Error as problem:
        raise CourseError(f"{path.name} line {reader.line_num}: {problem}") from problem
    if not columns:
        raise CourseError(f"{path.name} is empty")
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        raise CourseError(f"{path.name} has two columns called {sorted(twice)[0]!r}")
    return columns, rows, encoding
