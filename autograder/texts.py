"""Texts that a student's program wrote, made fit for a terminal, a page and a file."""

from __future__ import annotations

import re

# What acts on a terminal or hides text on a page: control characters but tab and new line, marks
# that turn the direction of writing, and halves of characters, which no file can hold.
_ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_HALVES = re.compile("[\ud800-\udfff]")


def readable(text: str, longest: int) -> str:
    """`text` with nothing in it but what is seen, cut to `longest` characters."""
    cut = text[: longest + 1]
    shown = _ACTS.sub("\ufffd", cut)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def without_halves(text: str) -> str:
    """`text` as UTF-8 can hold it: half a surrogate pair becomes the sign for what is lost."""
    return _HALVES.sub("\ufffd", text)
