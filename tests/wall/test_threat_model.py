"""The page on the threat model promises what is tested, by the tests' names."""

from __future__ import annotations

import re
from pathlib import Path

import autograder

ROOT = Path(autograder.__file__).parents[1]


def test_every_test_that_the_threat_model_names_exists() -> None:
    page = (ROOT / "book" / "threat_model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    there = set()
    for file in Path(__file__).parents[1].glob("*/test_*.py"):
        text = file.read_text(encoding="utf-8")
        there |= set(re.findall(r"^def (test_\w+)", text, re.MULTILINE))
    assert len(named) > 20
    assert named - there == set()
