"""What an author's tool has found out, kept by the content of everything that it depends on."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.answers import answers
from autograder.assignments import reference_source, setup_source
from autograder.cases import prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import cache_folder, checks_file, content_hash


@cache
def _judges_version() -> str:
    """Changes when the same answer might be run or judged differently."""
    package = Path(__file__).parent.parent
    sources = [one for one in sorted(package.glob("*.py")) if one.name != "cli.py"]
    sources += sorted(package.glob("runner/*.py"))
    versions = [version(name) for name in ("pandas", "numpy", "pyarrow", "pyspark", "pytest")]
    return content_hash(sys.version, *versions, *(one.read_bytes() for one in sources))


def content_key(exercise: Exercise, *parts: str) -> str:
    """Changes with the exercise, its answers, its inputs, or what runs and judges them."""
    first = self_check_points(exercise)[0]
    return content_hash(
        _judges_version(),
        prepare(exercise, first).key,  # it changes with the checks' helpers and with the data
        checks_file(exercise).read_bytes(),
        setup_source(exercise.chapter),
        reference_source(exercise),
        *(f"{one.name}\n{one.source}" for one in answers(exercise)),
        "|",
        *parts,
    )


def _file(kind: str, exercise: Exercise, key: str) -> Path:
    return cache_folder() / "authoring" / kind / exercise.chapter / exercise.name / f"{key}.json"


def load(kind: str, exercise: Exercise, key: str) -> Any:
    """What was kept under `key`, or None."""
    try:
        return json.loads(_file(kind, exercise, key).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def keep(kind: str, exercise: Exercise, key: str, found: Any) -> None:
    """Keep `found`, which is plain data, under `key`."""
    path = _file(kind, exercise, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as part:
        json.dump(found, part, indent=1)
    os.replace(part.name, path)
