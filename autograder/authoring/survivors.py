"""The slips that the checks do not see, and the author's reasons for leaving it at that.

At least 95 % of the mutants that change results have to be caught. A survivor that its author has
judged stands with the reason in `checks/<chapter>/survivors.toml`:

    [survive]
    "keyword, line 6: read_csv() without usecols=columns" = "it stays within every budget"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.authoring.mutants import GRADING_SEEDS, Fate, Told, fates
from autograder.checking import Exercise
from autograder.course import CHECKS, CourseError, exercises

BAR = 0.95


def accepted(chapter: str) -> dict[str, dict[str, str]]:
    """Survivors that the author has judged, by exercise and id, each with the reason.

    Raises:
        CourseError: the file is not as it must be.
    """
    path = CHECKS / chapter / "survivors.toml"
    if not path.exists():
        return {}
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise CourseError(f"{path.name} of {chapter} cannot be read: {problem}") from problem
    names = {one.name for one in exercises(chapter)}
    for name, entries in stated.items():
        if name not in names:
            raise CourseError(f"{path.name} of {chapter} names no exercise of it: {name}")
        if not isinstance(entries, dict) or not all(
            isinstance(reason, str) and reason.strip() for reason in entries.values()
        ):
            raise CourseError(f"{path.name} of {chapter}: every id of {name} needs a reason")
    return stated


@dataclass(frozen=True)
class Summary:
    """The fates of an exercise's mutants, held against the survivors that the author accepts."""

    exercise: Exercise
    fates: tuple[Fate, ...]
    reasons: Mapping[str, str]

    def of(self, fate: str) -> list[Fate]:
        return [one for one in self.fates if one.fate == fate]

    @property
    def changing(self) -> int:
        """How many mutants change results on inputs that the cases make."""
        return len(self.of("caught")) + len(self.of("survived"))

    @property
    def rate(self) -> float:
        """The part of those that are caught."""
        return len(self.of("caught")) / self.changing if self.changing else 1.0

    @property
    def unexplained(self) -> list[Fate]:
        return [one for one in self.of("survived") if one.id not in self.reasons]

    @property
    def sound(self) -> bool:
        return self.rate >= BAR and not self.unexplained and not self.stale

    @property
    def stale(self) -> list[str]:
        """Accepted ids that are no survivors, or no longer."""
        return sorted(set(self.reasons) - {one.id for one in self.of("survived")})


def summary(
    exercise: Exercise,
    seeds: Sequence[int] = GRADING_SEEDS,
    *,
    told: Told = lambda text, done, whole: None,
) -> Summary:
    """Run what has not been run, and hold it against `survivors.toml`."""
    reasons = accepted(exercise.chapter).get(exercise.name, {})
    return Summary(exercise, tuple(fates(exercise, seeds, told=told)), reasons)
