"""What an exercise's tests declare, read from their marks without running them."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from dataclasses import dataclass

from autograder.checking import Exercise


@dataclass(frozen=True)
class Declared:
    """One test: the case that it reads ("" where it reads none), and the tests it depends on."""

    name: str
    case: str
    needs: tuple[str, ...]


def tests_of(exercise: Exercise) -> dict[str, Declared]:
    """The exercise's tests by name, in the order of their file."""
    module = importlib.import_module(f"autograder.checks.{exercise.chapter}.{exercise.name}")
    found = {}
    for name, function in vars(module).items():
        if not name.startswith("test_") or not callable(function):
            continue
        marks = getattr(function, "pytestmark", [])
        cases = [mark.args[0] for mark in marks if mark.name == "case"]
        needs = tuple(test for mark in marks if mark.name == "depends" for test in mark.args)
        found[name] = Declared(name, cases[0] if cases else "", needs)
    return found


def cases_needed(exercise: Exercise) -> set[str]:
    """Cases of the tests that other tests depend on."""
    tests = tests_of(exercise)
    needed = {name for one in tests.values() for name in one.needs}
    return {tests[name].case for name in needed if name in tests}


def judged_cases(exercise: Exercise, failed: Collection[str]) -> set[str]:
    """Cases that some test still reads when the tests `failed` have failed."""
    lost = set(failed)
    read = set()
    for one in tests_of(exercise).values():
        if lost & set(one.needs):
            lost.add(one.name)  # it is skipped
        else:
            read.add(one.case)
    return read
