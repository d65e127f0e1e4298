"""Do the answers on file get what their files say, and does every check catch something?

Every answer is judged twice: as in a self-check, on the published seed, and as in grading, on a
seed that is not published. What costs most, calls under a budget, is left out where the answer's
`FAILS` say that no check will look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.answers import Answer, answers
from autograder.authoring import kept
from autograder.authoring.declared import judged_cases, tests_of
from autograder.cases import Point, grading_points, prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import content_hash
from autograder.evidence import Result
from autograder.reference import expected_results, results_of, wrong_results
from autograder.report import as_text
from autograder.verdict import judge, max_points

GRADING_SEED = 77
SITTINGS = ("self-check", "grading")

Told = Callable[[str, int, int], None]  # what is being done, how much is done, of how much


@dataclass(frozen=True)
class Sat:
    """What one answer got in one sitting."""

    sitting: str  # one of SITTINGS
    failed: tuple[str, ...]
    points: float
    told: bool  # whether the report has the answer's own sentence; True of a right answer


@dataclass(frozen=True)
class Judged:
    """An answer on file, what its file says, and what it got."""

    answer: str
    declared: tuple[str, ...]
    sittings: tuple[Sat, ...]
    problems: tuple[str, ...]

    @property
    def right(self) -> bool:
        return self.answer.startswith("right_")


@dataclass(frozen=True)
class Coverage:
    """An exercise's answers, and for each of its checks the wrong answers that fail it."""

    exercise: Exercise
    answers: tuple[Judged, ...]
    caught_by: dict[str, tuple[str, ...]]

    @property
    def idle(self) -> list[str]:
        """Checks that no wrong answer fails."""
        return [test for test, wrong in self.caught_by.items() if not wrong]

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [(one.answer, problem) for one in self.answers for problem in one.problems]

    @property
    def sound(self) -> bool:
        return not self.idle and not self.problems


def _points(exercise: Exercise, answer: Answer, sitting: str, seed: int) -> list[Point]:
    whole = (
        self_check_points(exercise) if sitting == SITTINGS[0] else grading_points(exercise, seed)
    )
    read = judged_cases(exercise, answer.fails)
    return [
        point
        for point in whole
        if point.case in read or not any(c.budget_mb for c in prepare(exercise, point).calls)
    ]


def _results(
    exercise: Exercise, on_file: Sequence[Answer], seed: int
) -> dict[str, dict[Point, Result]]:
    """What the answers return; those that are run at the same points run in one process."""
    alike: dict[tuple[Point, ...], dict[str, str]] = {}
    for answer in on_file:
        points = tuple(
            dict.fromkeys(p for s in SITTINGS for p in _points(exercise, answer, s, seed))
        )
        alike.setdefault(points, {})[answer.name] = answer.source
    return {
        name: results
        for points, sources in alike.items()
        for name, results in results_of(exercise, sources, points).items()
    }


def _problems(answer: Answer, sittings: Sequence[Sat], worth: float) -> list[str]:
    """What an author has to mend, a line each; the same in both sittings is said once."""
    found: dict[str, list[str]] = {}
    for sat in sittings:
        if answer.right:
            if sat.failed:
                lost = f"loses {worth - sat.points:g} points: fails {', '.join(sat.failed)}"
                found.setdefault(lost, []).append(sat.sitting)
            continue
        lines = []
        if not sat.failed:
            lines.append("is not caught: it fails no check")
        else:
            lines += [
                f"passes {t}, which it should fail" for t in answer.fails if t not in sat.failed
            ]
            lines += [f"fails {t}, which its FAILS do not name" for t in sat.failed
                      if t not in answer.fails]  # fmt: skip
            if not sat.told:
                lines.append("is not told its sentence")
        for line in lines:
            found.setdefault(line, []).append(sat.sitting)
    return [f"{line} ({' and '.join(where)})" for line, where in found.items()]


def _judge(exercise: Exercise, answer: Answer, results: dict[Point, Result], seed: int) -> Judged:
    sittings = []
    for sitting in SITTINGS:
        points = _points(exercise, answer, sitting, seed)
        verdict = judge(
            exercise,
            {point: results[point] for point in points},
            expected_results(exercise, points),
            source=answer.source,
            wrong_results=lambda point: wrong_results(exercise, point),
        )
        failed = tuple(t.name for t in verdict.tests if t.outcome in {"failed", "error"})
        told = answer.right or answer.sentence in as_text(verdict)
        sittings.append(Sat(sitting, failed, verdict.points, told))
    worth = sum(max_points(exercise).values())
    problems = _problems(answer, sittings, worth)
    return Judged(answer.name, answer.fails, tuple(sittings), tuple(problems))


def coverage(
    exercise: Exercise,
    seed: int = GRADING_SEED,
    *,
    on_file: Sequence[Answer] | None = None,
    told: Told = lambda text, done, whole: None,
) -> Coverage:
    """Judge the exercise's answers, or other ones than those on file, in both sittings."""
    judged_ones = answers(exercise) if on_file is None else on_file
    sources = [f"{one.name}\n{one.source}" for one in judged_ones]
    version = content_hash(Path(__file__).read_bytes())
    key = kept.content_key(exercise, version, str(seed), *sources)
    known = kept.load("coverage", exercise, key)
    if known is None:
        told("running the answers", 0, len(judged_ones))
        found = _results(exercise, judged_ones, seed)
        judged = []
        for number, answer in enumerate(judged_ones):
            told("judging the answers", number, len(judged_ones))
            judged.append(_judge(exercise, answer, found.pop(answer.name), seed))
        kept.keep("coverage", exercise, key, [asdict(one) for one in judged])
    else:
        judged = [
            Judged(
                one["answer"],
                tuple(one["declared"]),
                tuple(Sat(**{**sat, "failed": tuple(sat["failed"])}) for sat in one["sittings"]),
                tuple(one["problems"]),
            )
            for one in known
        ]
    wrong = [one for one in judged if not one.right]
    caught_by = {
        test: tuple(one.answer for one in wrong if any(test in sat.failed for sat in one.sittings))
        for test in tests_of(exercise)
    }
    return Coverage(exercise, tuple(judged), caught_by)
