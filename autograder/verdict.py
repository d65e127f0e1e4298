"""From evidence to a verdict: run an exercise's pytest checks on what the runner wrote."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import pytest

from autograder.cases import Point
from autograder.checking import Exercise, Gap
from autograder.course import SYNTAX, checks_file, is_students_edition
from autograder.evidence import Outcome, Result
from autograder.misconceptions import WrongResults, misconception
from autograder.plugin import Judge, Judgement
from autograder.raised import AnswerLine
from autograder.runner.budget import without_collection
from autograder.spark_record import plan_as_text
from autograder.texts import readable

LONGEST_CALL, LONGEST_PARAMETER = 160, 40
MOST_PLAN_LINES = 40
MOST_PARTITIONS = 64
# A learner's column names, keys and texts stand in what a report says.
LONGEST_SENTENCE, LONGEST_DETAIL, MOST_DETAILS = 600, 2_000, 40

Results = dict[Point, Result]


@dataclass(frozen=True)
class Finding:
    """What went wrong, in the order in which a learner reads it."""

    headline: str
    called: str = ""
    details: tuple[str, ...] = ()
    misconception: str = ""  # the name of the wrong answer on file that behaves like this one
    advice: str = ""
    budget_mb: float | None = None
    peak_mb: float | None = None
    memory: tuple[tuple[float, float], ...] = ()
    plan: tuple[str, ...] = ()  # what Spark ran, as an indented tree
    partitions: tuple[int, ...] = ()  # bytes that each task of the most uneven stage read


@dataclass(frozen=True)
class TestVerdict:
    """What one check said, and what it is worth."""

    name: str
    outcome: str  # "passed", "failed", "skipped", "error"
    points: float
    max_points: float
    message: str = ""
    seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass(frozen=True)
class ExerciseVerdict:
    """What a learner's answer to one exercise earned, and why."""

    exercise: str
    state: str  # "passed", "failed", "error", "not attempted"
    points: float
    max_points: float
    tests: tuple[TestVerdict, ...] = ()
    finding: Finding | None = None
    cell_error: str = field(default="", compare=False)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ExerciseVerdict:
        """What `as_json` wrote."""
        finding = data.get("finding")
        if finding:
            memory = tuple((at, mb) for at, mb in finding.get("memory", ()))
            finding = Finding(
                **{**finding, "details": tuple(finding.get("details", ())), "memory": memory}
            )
        tests = tuple(TestVerdict(**one) for one in data.get("tests", ()))
        return cls(**{**data, "tests": tests, "finding": finding})


def _run_pytest(exercise: Exercise, judge: Judge) -> None:
    """Run the exercise's checks in this process; nothing is printed and nothing is cached."""
    options = [
        str(checks_file(exercise)),
        "--assert=plain",
        "--capture=no",
        "--noconftest",
        "-p", "no:cacheprovider",
        "-p", "no:terminal",
        "-p", "no:unraisableexception",  # it collects garbage five times at the end
        "-c", os.devnull,
        "--rootdir", str(checks_file(exercise).parent),
        "--import-mode=importlib",
        "-o", "python_functions=test_*",
    ]  # fmt: skip
    aside = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    with SYNTAX:  # besides, pytest keeps state of its own in the process
        before = {name: os.environ.get(name) for name in aside}
        os.environ.update(aside)
        try:
            with without_collection():
                status = pytest.main(options, plugins=[judge])
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"the checks of {exercise.id} did not run: pytest ended with {status}")


@cache
def _marks(exercise: Exercise) -> Judge:
    judge = Judge({}, {})
    _run_pytest(exercise, judge)
    return judge


def max_points(exercise: Exercise) -> dict[str, float]:
    """Points of each test of the exercise, in the order of its file."""
    return dict(_marks(exercise).points)


def points_left(exercise: Exercise, failed: Collection[str]) -> float:
    """Points of an answer that fails exactly the tests `failed`; tests that need them are lost."""
    marks = _marks(exercise)
    lost = set(failed)
    for test, needed in marks.needs.items():  # in file order, as pytest runs them
        if lost & set(needed):
            lost.add(test)
    return sum(points for test, points in marks.points.items() if test not in lost)


def _in_short(value: object, shown: str) -> str:
    """An argument that is kept for grading: numbers and names stay, what holds data is counted."""
    if isinstance(value, (list, tuple, dict, set)):
        return f"<{type(value).__name__} of {len(value):,}>"
    if isinstance(value, str) and value != shown and len(value) > LONGEST_PARAMETER:
        return f"<text of {len(value):,} characters>"
    return shown  # a table's name, or a parameter


def _shown_call(result: Result, outcome: Outcome, hidden: bool = False) -> str:
    call = outcome.call
    words = call.shown or tuple(map(repr, call.arguments))
    if hidden:
        words = tuple(map(_in_short, call.arguments, words))
    shown = f"{result.function}({', '.join(words)})"
    return shown if len(shown) <= LONGEST_CALL else shown[: LONGEST_CALL - 3] + "..."


def _finding(
    exercise: Exercise,
    failed: Sequence[Judgement],
    source: str,
    wrong_results: WrongResults | None,
) -> Finding:
    judgement = failed[0]
    gap = judgement.gap or Gap(
        judgement.message.splitlines()[0] if judgement.message else "The check did not pass.",
        unseen="The check did not pass.",
    )
    result, point = judgement.result, judgement.point
    called = ""
    budget: float | None = None
    peak: float | None = None
    memory: tuple[tuple[float, float], ...] = ()
    headline, details = gap.headline, gap.details
    plan: list[str] = []
    partitions: list[int] = []
    if result and point:
        outcome = judgement.looked_at or result.outcomes[0]
        where = f"{point.size}, " + (
            "a seed kept for grading" if point.hidden else "the published seed"
        )
        called = f"{_shown_call(result, outcome, point.hidden)}   at {where}"
        budget, memory = outcome.call.budget_mb, outcome.memory
        peak = outcome.peak_mb or None
        if judgement.looked_at_how and outcome.spark:  # it names operators, and no row
            plan = [line for one in outcome.spark.plans for line in plan_as_text(one)]
            partitions = outcome.spark.partition_bytes()
        if point.hidden:  # neither rows of a hidden table are shown, nor what is made of them
            headline = gap.unseen
            lines = (one for one in details if isinstance(one, AnswerLine))
            details = tuple(one for one in lines if one.code in source)
    known = None
    if judgement.outcome == "failed":
        known = misconception(exercise, failed, source, wrong_results)
    return Finding(
        readable(headline, LONGEST_SENTENCE),
        called,
        tuple(readable(one, LONGEST_DETAIL) for one in details[:MOST_DETAILS]),
        known.name.removeprefix("wrong_") if known else "",
        known.sentence if known else readable(gap.advice, LONGEST_SENTENCE),
        budget,
        peak,
        memory,
        tuple(plan[:MOST_PLAN_LINES]),
        tuple(partitions[:MOST_PARTITIONS]),
    )


def judge(
    exercise: Exercise,
    results: Results,
    expected: Results,
    *,
    source: str = "",
    wrong_results: WrongResults | None = None,
    cell_error: str = "",
) -> ExerciseVerdict:
    """Judge one answer by the evidence of its calls.

    Args:
        results: what the answer gave, at each point.
        expected: what the reference gave, at the same points.
        source: the answer's source, to tell misconceptions apart that give the same values.
        wrong_results: gives what the wrong answers on file return at a point.
        cell_error: how the answer's own cell failed, if it did.
    """
    told = Judge(results, expected)
    _run_pytest(exercise, told)
    judgements = told.judgements
    if any(one.outcome == "error" for one in judgements):
        judgements = _settle_errors(exercise, judgements, expected)
    tests = []
    for name, worth in told.points.items():
        of_test = [one for one in judgements if one.test == name]
        outcomes = {one.outcome for one in of_test}
        outcome = next(
            (kind for kind in ("error", "failed", "skipped") if kind in outcomes), "passed"
        )
        message = next((one.message for one in of_test if one.outcome == outcome), "")
        tests.append(
            TestVerdict(
                name,
                outcome,
                worth if outcome == "passed" else 0.0,
                worth,
                readable(message, LONGEST_SENTENCE).splitlines()[0] if message else "",
                round(sum(one.seconds for one in of_test), 3),
                max((one.result.peak_mb for one in of_test if one.result), default=0.0),
            )
        )
    state = "passed"
    if any(test.outcome == "error" for test in tests):
        state = "error"
    elif any(test.outcome != "passed" for test in tests):
        state = "failed"
    failed = [one for one in judgements if one.outcome in {"failed", "error"}]
    return ExerciseVerdict(
        exercise.id,
        state,
        sum(test.points for test in tests),
        sum(test.max_points for test in tests),
        tuple(tests),
        _finding(exercise, failed, source, wrong_results) if failed else None,
        cell_error,
    )


def not_attempted(exercise: Exercise, worth: float) -> ExerciseVerdict:
    """The verdict on a solution cell that still equals its released source."""
    return ExerciseVerdict(exercise.id, "not attempted", 0.0, worth)


def _settle_errors(
    exercise: Exercise, judgements: Sequence[Judgement], expected: Results
) -> list[Judgement]:
    """Tell a broken check from one that an odd value broke.

    A check that also breaks on the reference's evidence is ours to mend and stays an error. One
    that passes there broke on the learner's value, which is then a failure like any other. In the
    students' edition the reference's evidence is not whole: there all checks are sound, since
    `course release` has made sure of it.
    """
    if is_students_edition():
        sound = {(one.test, one.point) for one in judgements}
    else:
        control = Judge(expected, expected)
        _run_pytest(exercise, control)
        sound = {(one.test, one.point) for one in control.judgements if one.outcome == "passed"}
    settled = []
    for one in judgements:
        ours = one.result is not None and any(o.outcome == "ours" for o in one.result.outcomes)
        if one.outcome == "error" and not ours and (one.test, one.point) in sound:
            one.outcome = "failed"
            reason = one.message.splitlines()[0] if one.message else "no reason given"
            compared = "The returned value cannot be compared with the expected one"
            one.gap = Gap(f"{compared}: {reason}", unseen=f"{compared}.")
        settled.append(one)
    return settled
