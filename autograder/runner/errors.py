"""Errors of the learner's code, described in plain data."""

from __future__ import annotations

import itertools
import linecache
import traceback
from typing import Any

LONGEST_MESSAGE = 2_000
MOST_FRAMES = 6
TRACEBACK = "Traceback (most recent call last):\n"
FROM_JAVA, CAUSED_BY, JAVA_FRAME = "An error occurred while calling ", "\nCaused by: ", "\n\tat "


class TimeLimit(BaseException):
    """The call or the cell used up its time. Not an `Exception`: a bare handler should miss it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"stopped after {seconds:g} s")
        self.seconds = seconds


class OursToMend(Exception):
    """What the course brings to a run did not work. It says nothing of the answer."""


def _belongs_to_the_learner(filename: str) -> bool:
    """Cells have made-up file names, installed packages and the runner do not."""
    made_up = filename.startswith("<") and not filename.startswith("<frozen")
    return made_up or "ipykernel_" in filename


def _cause(message: str) -> str:
    """What went wrong, where Spark's message is mostly the way on which the error came.

    That way is so long that a report would end before the cause.
    """
    if "worker" in message and TRACEBACK in message:
        return _cause_in_a_worker(message)
    if message.startswith(FROM_JAVA) and JAVA_FRAME in message:
        return _cause_in_the_jvm(message)
    return message


def _cause_in_a_worker(message: str) -> str:
    """What was raised, below the last frame of the Python worker's traceback."""
    lines = message.rpartition(TRACEBACK)[2].splitlines()
    frames = [number for number, line in enumerate(lines) if line.startswith("  File ")]
    after = lines[frames[-1] + 1 :] if frames else []
    said = list(itertools.dropwhile(lambda line: line.startswith("  "), after))
    said = list(itertools.takewhile(lambda line: line.strip(), said))
    return "\n".join(said) + "\n(raised in a Python worker)" if said else message


def _cause_in_the_jvm(message: str) -> str:
    """The innermost of the causes in a stack trace of Java."""
    innermost = message.rpartition(CAUSED_BY)[2].partition(JAVA_FRAME)[0]
    kind, _, said = innermost.rpartition("\n: ")[2].partition(": ")
    name = kind.rpartition(".")[2]
    return f"{said.strip() or 'no message'}\n({name}, raised in Spark's JVM)"


def describe_error(error: BaseException) -> dict[str, Any]:
    """The error's type, message and the learner's own lines that led to it, outermost first."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        if _belongs_to_the_learner(frame.filename):
            line = frame.line or linecache.getline(frame.filename, frame.lineno or 0).strip()
            lines.append({"function": frame.name, "number": frame.lineno, "line": line[:200]})
    if isinstance(error, SyntaxError):
        lines.append(
            {
                "function": "<cell>",
                "number": error.lineno,
                "line": (error.text or "").strip()[:200],
            }
        )
    try:
        message = str(error)
    except Exception:  # a learner's class may have a broken __str__
        message = "(the error's own text could not be made)"
    return {
        "type": type(error).__name__,
        "message": _cause(message)[:LONGEST_MESSAGE],
        "lines": lines[-MOST_FRAMES:],
    }
