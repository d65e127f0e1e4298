"""Where the parts of the course stand, and which exercises it has."""

from __future__ import annotations

import difflib
import fcntl
import hashlib
import importlib
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from autograder.checking import Exercise

# Python 3.11 and 3.12 fail now and then when two threads build syntax trees at the same time, as
# `ast.parse` does, and pytest when it loads tests. Who does so holds this.
SYNTAX = threading.RLock()
CHECKS = Path(__file__).parent / "checks"
ROOT = Path(__file__).parent.parent
# What the reference returned, where the edition for students holds it: see autograder/shipped.py.
SHIPPED = Path(__file__).parent / "expected"


class CourseError(Exception):
    """Something is not as the course needs it; the message is one line that says what to do."""


def cache_folder() -> Path:
    """Where things are kept that can be made again: `BEYOND_PANDAS_CACHE`, or the user's cache."""
    named = os.environ.get("BEYOND_PANDAS_CACHE")
    if named:
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "beyond-pandas"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "beyond-pandas"


def chapters() -> list[str]:
    """The chapters that have exercises, in the order of the book's table of contents."""
    have = {folder.name for folder in CHECKS.iterdir() if (folder / "__init__.py").exists()}
    contents = ROOT / "book" / "_toc.yml"
    if not contents.exists():
        return sorted(have)
    import yaml

    ordered: list[str] = []

    def visit(node: object) -> None:
        if isinstance(node, list):
            for item in node:
                visit(item)
        elif isinstance(node, dict):
            name = Path(str(node.get("file", ""))).name
            if name in have:
                ordered.append(name)
            for key in ("parts", "chapters", "sections"):
                visit(node.get(key))

    visit(yaml.safe_load(contents.read_text(encoding="utf-8")))
    return ordered + sorted(have - set(ordered))


@cache
def is_students_edition() -> bool:
    """Whether this is the edition that students are given: without solutions and the grader."""
    return SHIPPED.is_dir()


@cache
def exercises(chapter: str) -> tuple[Exercise, ...]:
    """The chapter's exercises in the order that its package names them.

    Raises:
        CourseError: there is no such chapter.
    """
    if not (CHECKS / chapter / "__init__.py").exists():
        raise CourseError(f"there is no chapter {chapter!r}; there are: {', '.join(chapters())}")
    package = importlib.import_module(f"autograder.checks.{chapter}")
    found = []
    for name in package.EXERCISES:
        module = importlib.import_module(f"autograder.checks.{chapter}.{name}")
        exercise: Exercise = module.EXERCISE
        found.append(exercise)
    return tuple(found)


def every_exercise() -> list[Exercise]:
    """The exercises of all chapters, in the book's order."""
    return [one for chapter in chapters() for one in exercises(chapter)]


def numbers() -> dict[str, str]:
    """Each exercise's number, such as "4.3", by its id: its chapter's place, and its own in it."""
    return {
        one.id: f"{place}.{number}"
        for place, chapter in enumerate(chapters(), start=1)
        for number, one in enumerate(exercises(chapter), start=1)
    }


def exercise(chapter: str, name: str) -> Exercise:
    """One exercise of `chapter`. Raises `CourseError` when there is none of that name."""
    for one in exercises(chapter):
        if one.name == name:
            return one
    names = ", ".join(one.name for one in exercises(chapter))
    raise CourseError(f"{chapter} has no exercise {name!r}; it has: {names}")


def find_exercise(name: str) -> Exercise:
    """The exercise called `name`, `chapter.name`, or by a number such as 4.3, in any chapter.

    Raises:
        CourseError: none has that name, or several have.
    """
    if re.fullmatch(r"\d+\.\d+", name):
        for one, number in numbers().items():
            if number == name:
                return exercise(*one.split(".", 1))
        raise CourseError(f"there is no exercise {name}: `course list` shows their numbers")
    if "." in name:
        chapter, _, short = name.partition(".")
        return exercise(chapter, short)
    found = [one for one in every_exercise() if one.name == name]
    if len(found) == 1:
        return found[0]
    if not found:
        known = [one.name for one in every_exercise()]
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"did you mean {near[0]}?" if near else "`course list` shows them all"
        raise CourseError(f"no exercise is called {name!r}: {meant}")
    raise CourseError(f"several are called {name!r}: say {' or '.join(one.id for one in found)}")


def checks_file(one: Exercise) -> Path:
    """The module that holds the exercise's cases and tests."""
    return CHECKS / one.chapter / f"{one.name}.py"


def checks_content(one: Exercise) -> bytes:
    """What the checks' module says, but for the points: they decide neither inputs nor outcomes."""
    return re.sub(rb"@pytest\.mark\.points\(\d+\)\n", b"", checks_file(one).read_bytes())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`, so that two processes do not make the same thing at once."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def content_hash(*parts: bytes | str) -> str:
    """A short name for content: the same parts give the same name."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "little") + raw)
    return digest.hexdigest()[:20]
