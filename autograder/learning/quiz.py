"""The quiz at the end of a chapter, read from its page in the book: the only place it stands in.

A question is a `dropdown` whose title asks; each item of its list is an option in italics and what
is said to it, which begins with **Yes.** for the right one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.course import ROOT, CourseError

_QUESTION = re.compile(
    r"^```\{dropdown\} (?P<title>.+?)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL
)
_OPTION = re.compile(
    r"^- \*(?P<option>.+?)\*\s+(?P<said>.+?)(?=^- \*|\Z)", re.MULTILINE | re.DOTALL
)
_RIGHT = re.compile(r"\*\*Yes\.?\*\*")


@dataclass(frozen=True)
class Option:
    """An answer that can be chosen, and what is said to it."""

    text: str
    said: str
    right: bool


@dataclass(frozen=True)
class Question:
    text: str
    options: tuple[Option, ...]


def questions(chapter: str) -> list[Question]:
    """The questions of a chapter's quiz, in the page's order; none where it has no page.

    Raises:
        CourseError: a question has not exactly one right option.
    """
    page = ROOT / "book" / f"{chapter}.md"
    if not page.exists():
        return []
    _, _, quiz = page.read_text(encoding="utf-8").partition("\n## Quiz")
    found = []
    for block in _QUESTION.finditer(quiz):
        options = tuple(
            Option(
                _plain(o["option"]),
                _plain(_RIGHT.sub("Yes.", o["said"])),
                bool(_RIGHT.match(o["said"])),
            )
            for o in _OPTION.finditer(block["body"])
        )
        text = _plain(block["title"])
        if sum(option.right for option in options) != 1:
            raise CourseError(f"the quiz of {chapter} needs one right option: {text}")
        found.append(Question(text, options))
    return found


def _plain(text: str) -> str:
    """Markdown's emphasis and line breaks taken out; code keeps its marks."""
    return re.sub(r"(?<!\w)\*+|\*+(?!\w)", "", " ".join(text.split()))
