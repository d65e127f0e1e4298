"""Fates of mutants that were found once and are committed, so that not every clone has to find
them again.

`checks/<chapter>/mutants.json` holds them by exercise, each under a key that changes with the
exercise's text, checks and inputs, and with the slips that are tried. A record whose key does not
fit is as good as none. `course author mutants CHAPTER --record` writes the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.assignments import reference_source, setup_source
from autograder.authoring.mutations import Mutant, mutants
from autograder.cases import prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import CHECKS, checks_content, content_hash


def _file(chapter: str) -> Path:
    return CHECKS / chapter / "mutants.json"


def _key(exercise: Exercise, made: Sequence[Mutant]) -> str:
    return content_hash(
        prepare(exercise, self_check_points(exercise)[0]).key,
        checks_content(exercise),
        setup_source(exercise.chapter),
        reference_source(exercise),
        *(f"{one.id}\n{one.source}" for one in made),
    )


def _read(chapter: str) -> dict[str, Any]:
    try:
        found = json.loads(_file(chapter).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def load(exercise: Exercise) -> list[dict[str, Any]] | None:
    """The fates on record, as plain data, or None where there are none for the present content."""
    known = _read(exercise.chapter).get(exercise.name)
    made = mutants(reference_source(exercise))
    if not known or known["key"] != _key(exercise, made):
        return None
    fates: list[dict[str, Any]] = known["fates"]
    return fates


def record(chapter: str, found: Mapping[Exercise, Sequence[Any]]) -> Path:
    """Write down the fates, which are dataclasses, of a chapter's exercises."""
    known = _read(chapter)
    for exercise, fates in found.items():
        key = _key(exercise, mutants(reference_source(exercise)))
        known[exercise.name] = {"key": key, "fates": [asdict(one) for one in fates]}
    path = _file(chapter)
    path.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
