"""What an answer raised, read from what its process says of it: nothing in it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.texts import readable

LONGEST_NAME, LONGEST_MESSAGE, LONGEST_LINE_OF_CODE = 100, 2_000, 300
MOST_LINES = 10


class AnswerLine(str):
    """A line of an answer's own code, as a report shows it.

    It holds nothing of the data that the answer was given: where data is kept for grading, it is
    all that is shown of an error.
    """

    @property
    def code(self) -> str:
        """The line without its number."""
        return self.partition(": ")[2]


def read_error(value: Any) -> dict[str, Any]:
    """An error as `describe_error` in `autograder/runner/errors.py` says it, capped; {} for none.

    Returns:
        {"type": name, "message": text, "lines": [{"function": name, "number": n or None, "line":
        text}]}, the lines outermost first.
    """
    if not isinstance(value, dict) or not value:
        return {}
    lines = value.get("lines")
    kept = lines[:MOST_LINES] if isinstance(lines, list) else []
    return {
        "type": readable(str(value.get("type", "")), LONGEST_NAME),
        "message": readable(str(value.get("message", "")), LONGEST_MESSAGE),
        "lines": [_line(one) for one in kept if isinstance(one, dict)],
    }


def _line(line: dict[Any, Any]) -> dict[str, Any]:
    number = line.get("number")
    return {
        "function": readable(str(line.get("function", "")), LONGEST_NAME),
        "number": number if isinstance(number, int) else None,
        "line": readable(str(line.get("line", "")), LONGEST_LINE_OF_CODE),
    }


def answer_lines(error: Mapping[str, Any]) -> tuple[AnswerLine, ...]:
    """The lines of the answer that led to an error that `read_error` gave, outermost first."""
    return tuple(
        AnswerLine(f"line {one['number']}: {one['line']}") for one in error.get("lines", ())
    )
