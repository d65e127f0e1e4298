"""Every answer on file gets what its file says: two sizes, two seeds."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import shop

from autograder.answers import Answer, answers, right_answers, wrong_answers
from autograder.assignments import reference_source, released_sources
from autograder.cases import Point, cases_of, prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import every_exercise
from autograder.evidence import Outcome, Result
from autograder.reference import expected_results, results_of, wrong_results
from autograder.report import as_text
from autograder.verdict import ExerciseVerdict, judge, max_points, points_left
from tests.autograder.conftest import GRADING_SEED
from tests.conftest import Progress

SEEDS = (shop.SEED, GRADING_SEED)
EVERY_EXERCISE = every_exercise()
TO_BE_MENDED = [
    one
    for one in EVERY_EXERCISE
    if "NotImplementedError" not in released_sources(one.chapter)[one.name]
]
EVERY_ANSWER = [(one, answer) for one in EVERY_EXERCISE for answer in answers(one)]

AllResults = dict[tuple[str, str], dict[Point, Result]]  # by exercise and answer, by point


def _id(value: object) -> str:
    return value.name if isinstance(value, (Exercise, Answer)) else str(value)


def _points(one: Exercise, seed: int) -> list[Point]:
    """The self-check's points; at the second seed a class's, or where it has none the self-check's.

    Neither what is under a budget nor what is large is called a second time. A class of other tests
    is graded with the second seed, too, and finds what is worked out here.
    """
    if seed == shop.SEED:
        return self_check_points(one)
    return [
        Point(name, size, seed, hidden=True)
        for name, case in cases_of(one).items()
        for size in _not_large(case.grading) or _not_large(case.self_check)
        if not any(c.budget_mb for c in prepare(one, Point(name, size, seed, True)).calls)
    ]


def _not_large(sizes: Sequence[str]) -> list[str]:
    return [size for size in sizes if size != "medium"]


def _points_of(one: Exercise, answer: Answer, seed: int) -> list[Point]:
    """An answer's points. Where its values are wrong no budget is judged, so none is run."""
    points = _points(one, seed)
    if "test_values" not in answer.fails:
        return points
    return [p for p in points if not any(c.budget_mb for c in prepare(one, p).calls)]


@pytest.fixture(scope="module")
def all_results(progress: Progress[Any]) -> AllResults:
    """What every answer on file returns; two exercises are run at a time."""

    def run(one: Exercise) -> AllResults:
        alike: dict[tuple[Point, ...], dict[str, str]] = {}
        for answer in answers(one):
            points = tuple(p for seed in SEEDS for p in _points_of(one, answer, seed))
            alike.setdefault(points, {})[answer.name] = answer.source
        points = tuple(p for seed in SEEDS for p in _points(one, seed))
        alike.setdefault(points, {})["reference"] = reference_source(one)
        if one in TO_BE_MENDED:
            alike[points]["given"] = released_sources(one.chapter)[one.name]
        return {
            (one.id, name): results
            for points, sources in alike.items()
            for name, results in results_of(one, sources, points).items()
        }

    merged: AllResults = {}
    with ThreadPoolExecutor(2) as pool:
        ran = pool.map(run, reversed(EVERY_EXERCISE))
        for found in progress(ran, len(EVERY_EXERCISE), "exercises whose answers have run"):
            merged |= found
    return merged


def _as_in_a_notebook(result: Result) -> Result:
    """`result` without the calls after one that failed: a notebook's process does not make them."""
    failed = (number for number, one in enumerate(result.outcomes) if one.outcome != "returned")
    many = next(failed, len(result.outcomes)) + 1
    never = [Outcome(one.call, "nothing") for one in result.outcomes[many:]]
    if not never:
        return result
    outcomes = [*result.outcomes[:many], *never]
    return Result(result.function, result.size, result.hidden, outcomes)


def _results(
    one: Exercise, answer: Answer, seed: int, all_results: AllResults
) -> dict[Point, Result]:
    points = _points_of(one, answer, seed)
    return {p: r for p, r in all_results[one.id, answer.name].items() if p in points}


def _verdict(one: Exercise, answer: Answer, results: dict[Point, Result]) -> ExerciseVerdict:
    return judge(
        one,
        results,
        expected_results(one, list(results)),
        source=answer.source,
        wrong_results=lambda point: wrong_results(one, point),
    )


@pytest.mark.counted("right answers that passed, at two seeds")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("one", "answer"), [pair for pair in EVERY_ANSWER if pair[1].right], ids=_id
)
def test_a_right_answer_earns_full_points(
    one: Exercise, answer: Answer, seed: int, all_results: AllResults
) -> None:
    verdict = _verdict(one, answer, _results(one, answer, seed, all_results))
    if seed == shop.SEED:
        assert verdict.state == "passed", as_text(verdict)
        assert verdict.points == 10
    unhappy = {test.outcome for test in verdict.tests} - {"passed", "skipped"}
    assert not unhappy, as_text(verdict)


@pytest.mark.counted("wrong answers caught with their sentence, at two seeds")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("one", "answer"), [pair for pair in EVERY_ANSWER if not pair[1].right], ids=_id
)
def test_a_wrong_answer_fails_what_it_must_and_is_told_why(
    one: Exercise, answer: Answer, seed: int, all_results: AllResults
) -> None:
    points = _points(one, seed)
    judged = {point.case for point in points}
    results = _results(one, answer, seed, all_results)
    verdict = _verdict(one, answer, results)
    failed = {test.name for test in verdict.tests if test.outcome == "failed"}
    if seed == shop.SEED:
        assert failed == set(answer.fails), as_text(verdict)
        assert verdict.points == points_left(one, answer.fails)
        assert answer.sentence in as_text(verdict)
        seen = {point: _as_in_a_notebook(result) for point, result in results.items()}
        if any(seen[point] is not result for point, result in results.items()):
            assert answer.sentence in as_text(_verdict(one, answer, seen))
    else:
        assert failed <= set(answer.fails), as_text(verdict)
        if failed:
            assert answer.sentence in as_text(verdict)
    assert judged


@pytest.mark.parametrize("one", TO_BE_MENDED, ids=_id)
def test_a_program_given_to_be_mended_earns_little_with_a_comma_changed(
    one: Exercise, all_results: AllResults
) -> None:
    """Unchanged it is no attempt. With any change it counts as one, and its values may be right."""
    source = released_sources(one.chapter)[one.name]
    points = _points(one, shop.SEED)
    results = {p: r for p, r in all_results[one.id, "given"].items() if p in points}
    verdict = judge(one, results, expected_results(one, points), source=source)
    assert verdict.state != "passed"
    assert verdict.points <= 3, as_text(verdict)


@pytest.mark.parametrize("one", EVERY_EXERCISE, ids=_id)
def test_the_reference_keeps_a_third_of_its_budget_free(
    one: Exercise, all_results: AllResults
) -> None:
    """The budget is at least 1.5 times what the reference is seen to need."""
    for point, result in all_results[one.id, "reference"].items():
        for outcome in result.outcomes:
            assert outcome.outcome == "returned", (point, outcome.error)
            if outcome.call.budget_mb:
                assert outcome.peak_mb * 1.5 <= outcome.call.budget_mb, str(point)


@pytest.mark.parametrize("one", EVERY_EXERCISE, ids=_id)
def test_an_exercise_is_complete(one: Exercise) -> None:
    assert len(right_answers(one)) >= 3
    assert len(wrong_answers(one)) >= 4
    assert len(one.hints) >= 3
    assert sum(max_points(one).values()) == 10
    sentences = [answer.sentence for answer in wrong_answers(one)]
    assert len(set(sentences)) == len(sentences)
