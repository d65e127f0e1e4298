"""`timestamp.txt`, which says when a notebook was handed in: read as what it is, a stranger's file.

nbgrader opens it wherever it leads to, and one that it cannot read ends the whole class's run. So
it is checked before nbgrader looks at it. Our configuration keeps every other file of a student
where it is, and with them the timestamp; `CarryTimestamp` in `preprocessors.py` writes it anew
beside the graded notebook, so that nbgrader knows a newer submission when it sees one.
"""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAME = "timestamp.txt"
LONGEST = 200


class BadTimestamp(ValueError):
    """The file is no plain file with a time in it."""


def read_timestamp(folder: Path) -> datetime | None:
    """The time in a folder's `timestamp.txt`, as UTC with its zone; None where there is none.

    Raises:
        BadTimestamp: there is something of that name, and it is not a file with a time.
    """
    from nbgrader.utils import parse_utc

    try:
        handle = os.open(folder / NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise BadTimestamp("it is a link, or cannot be opened") from problem
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > LONGEST:
            raise BadTimestamp("it is no small plain file")
        raw = os.read(handle, LONGEST)
    finally:
        os.close(handle)
    try:
        text = raw.decode("ascii").strip()
        time: datetime = parse_utc(text)
        return time.replace(tzinfo=UTC) if text else None
    except (ValueError, OverflowError, TypeError) as problem:
        raise BadTimestamp("it does not hold a time") from problem


def as_text(time: datetime) -> str:
    """A time as nbgrader writes it."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC\n"


def put_bad_one_aside(folder: Path, log: Any) -> None:
    """Rename a `timestamp.txt` that cannot be read; its student then counts as not late."""
    try:
        read_timestamp(folder)
        return
    except BadTimestamp as problem:
        reason = str(problem)
    number = 1
    while os.path.lexists(aside := folder / f"{NAME}.unreadable-{number}"):
        number += 1
    os.rename(folder / NAME, aside)
    log.warning("%s/%s was put aside: %s", folder.parent.name, NAME, reason)
