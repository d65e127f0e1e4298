"""Which slips in the reference answer do the checks see?

Every mutant of the reference is run and judged like a learner's answer in grading: at `tiny` of
the published seed, and at the grading sizes of seeds that nobody knows. Then it is

    caught     it loses points, whichever of the seeds grades it
    survived   it keeps all points at some seed, though it returns something else than the
               reference, there or on inputs that the same cases make from further seeds
    unseen     it returns something else only on inputs that no case makes: a hint that a case
               may be missing (see `autograder/authoring/inputs.py`)
    same       it returned the same wherever it was run

A mutant that takes twenty times as long as the reference, and three seconds more, counts as one
that never ends. Budgets are tried at the first of the seeds, with what all else let pass.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import shop

from autograder.assignments import reference_source
from autograder.authoring import kept, recorded
from autograder.authoring.declared import cases_needed
from autograder.authoring.inputs import changed_inputs
from autograder.authoring.mutations import Mutant, mutants
from autograder.cases import Point, Prepared, cases_of, grading_points, prepare
from autograder.checking import Call, Exercise
from autograder.compare import same_value
from autograder.course import content_hash
from autograder.evidence import Result
from autograder.reference import expected_results, fresh_results
from autograder.verdict import judge

GRADING_SEEDS = (77, 78)
FURTHER_SEEDS = (1_001, 1_002, 1_003)
FURTHER_SIZES = ("tiny", "small")
MOST_BYTES_AT_ONCE = 256 * 1024 * 1024  # of returned values
MOST_AT_ONCE = 100  # mutants in one process

Told = Callable[[str, int, int], None]  # what is being done, how much is done, of how much


@dataclass(frozen=True)
class Fate:
    """What became of a mutant.

    `how` says how it was caught: "returned" (by what it returned), "raised", "memory", "time" or
    "killed".
    `where` is the first place where it was caught, or where it gave something else.
    """

    id: str
    operator: str
    line: int
    change: str
    fate: str  # "caught", "survived", "unseen", "same"
    how: str = ""
    where: str = ""
    tests: tuple[str, ...] = ()


@dataclass
class _Watched:
    """What is known of a mutant that is not settled yet."""

    mutant: Mutant
    caught: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)  # by place
    differs: list[str] = field(default_factory=list)  # places
    unseen: list[str] = field(default_factory=list)


def _limited(prepared: Prepared, expected: Result) -> Prepared:
    """The same calls with less time: what never ends must not cost half a minute a call.

    What is done with a returned value, such as a fit of a returned pipeline, is in no outcome's
    seconds: such calls keep more time.
    """
    calls, least = [], 30 if any(prepared.then) else 3
    for call, outcome in zip(prepared.calls, expected.outcomes, strict=True):
        seconds = min(call.seconds, least + 20 * outcome.seconds)
        short = Call(*call.arguments, budget_mb=call.budget_mb, seconds=seconds)
        short.shown = call.shown
        calls.append(short)
    return replace(prepared, calls=tuple(calls))


def _bytes_of(result: Result) -> int:
    """About how much memory a result takes."""
    total = 0
    for outcome in result.outcomes:
        if isinstance(outcome.value, pd.DataFrame):
            total += int(outcome.value.memory_usage(deep=True).sum())
        elif isinstance(outcome.value, pd.Series):
            total += int(outcome.value.memory_usage(deep=True))
    return total


def _same(returned: Any, expected: Any) -> bool:
    exactly = isinstance(expected, int) and not isinstance(expected, bool)
    try:
        if exactly:
            same_value(returned, expected, relative=0)
        else:
            same_value(returned, expected)
    except Exception:  # not the same, in whatever way
        return False
    return True


def difference(result: Result, expected: Result) -> bool:
    """Whether the answer returned, or did to its arguments, anything else than the reference."""
    for one, other in zip(result.outcomes, expected.outcomes, strict=True):
        if (one.outcome, one.unreadable, one.mutated) != (
            other.outcome, other.unreadable, other.mutated,
        ):  # fmt: skip
            return True
        if one.outcome == "returned" and not _same(one.value, other.value):
            return True
    return False


def _how(results: Mapping[Point, Result]) -> str:
    """How an answer that fails a check fails it: "returned" when it gave a value each time."""
    outcomes = {one.outcome for result in results.values() for one in result.outcomes}
    return next((o for o in ("time", "memory", "killed", "raised") if o in outcomes), "returned")


def _batches(
    watched: Sequence[_Watched], expected: Mapping[Point, Result]
) -> Iterator[Sequence[_Watched]]:
    """Mutants that are run together, no more than whose values fit into memory."""
    each = sum(_bytes_of(result) for result in expected.values()) + 1
    most = max(2, min(MOST_AT_ONCE, MOST_BYTES_AT_ONCE // each))
    for begin in range(0, len(watched), most):
        yield watched[begin : begin + most]


def _results(
    exercise: Exercise, batch: Sequence[_Watched], prepared: Mapping[Point, Prepared]
) -> dict[str, dict[Point, Result]]:
    """Results by mutant. Who was not reached, because another ended the process, runs alone."""
    sources = {one.mutant.id: one.mutant.source for one in batch}
    found = fresh_results(exercise, sources, prepared)
    for id, results in found.items():
        reached = all(o.outcome != "nothing" for r in results.values() for o in r.outcomes)
        if not reached and len(batch) > 1:
            found[id] = fresh_results(exercise, {id: sources[id]}, prepared)[id]
    return found


def _failed(
    exercise: Exercise, results: dict[Point, Result], expected: dict[Point, Result]
) -> tuple[str, ...]:
    """The tests that fail on these results.

    A test that reads no result would be skipped, and with it those that depend on it. Where such
    a case has no point here, the reference answers for it.
    """
    absent = cases_needed(exercise) - {point.case for point in results}
    others: dict[str, Point] = {}
    for point in grading_points(exercise, GRADING_SEEDS[0]):
        if point.case in absent:
            others.setdefault(point.case, point)
    filled = expected_results(exercise, list(others.values()))
    verdict = judge(exercise, {**filled, **results}, {**filled, **expected})
    return tuple(one.name for one in verdict.tests if one.outcome in {"failed", "error"})


def _try(
    exercise: Exercise,
    watched: Sequence[_Watched],
    places: Mapping[str, Sequence[Point]],
    told: Callable[[int], None],
    *,
    graded: bool = True,
) -> None:
    """Run the mutants at all these points, judge each place by itself, and write it down.

    What a check says where nobody is `graded` is a difference, and catches nothing.
    """
    points = [point for of in places.values() for point in of]
    if not points or not watched:
        return
    expected = expected_results(exercise, points)
    limited = {point: _limited(prepare(exercise, point), expected[point]) for point in points}
    for batch in _batches(watched, expected):
        found = _results(exercise, batch, limited)
        for one in batch:
            results = found.pop(one.mutant.id)
            for place, of in places.items():
                there = {point: results[point] for point in of}
                tests = _failed(exercise, there, {point: expected[point] for point in of})
                if tests and graded:
                    one.caught[place] = (_how(there), tests)
                elif tests:
                    one.differs.append(f"{', '.join(tests)} at {place}")
                else:
                    differ = (p for p in of if difference(there[p], expected[p]))
                    one.differs += [f"{point}, {place}" for point in differ]
            told(1)


def _never_ending(
    exercise: Exercise, watched: Sequence[_Watched], point: Point, told: Callable[[int], None]
) -> None:
    """One call of each mutant: one that does not come back is caught, and is not run again."""
    expected = expected_results(exercise, [point])[point]
    whole = _limited(prepare(exercise, point), expected)
    one_call = {point: replace(whole, calls=whole.calls[:1], arguments=whole.arguments[:1])}
    for begin in range(0, len(watched), MOST_AT_ONCE):
        batch = watched[begin : begin + MOST_AT_ONCE]
        found = _results(exercise, batch, one_call)
        for one in batch:
            (outcome,) = found[one.mutant.id][point].outcomes
            if outcome.outcome in {"time", "killed"}:
                one.caught["the first call"] = (outcome.outcome, ())
            told(1)


def _has_budget(exercise: Exercise, point: Point) -> bool:
    """Whether the case sets a budget at this size.

    It is asked of one seed, for asking makes the inputs, and large ones take long.
    """
    alike = Point(point.case, point.size, GRADING_SEEDS[0], hidden=True)
    return any(call.budget_mb for call in prepare(exercise, alike).calls)


def _further_points(exercise: Exercise, seed: int) -> list[Point]:
    """What the exercise's cases make of another seed, at the small sizes and without a budget."""
    return [
        point
        for name, case in cases_of(exercise).items()
        for size in FURTHER_SIZES
        if size in {*case.self_check, *case.grading}
        for point in [Point(name, size, seed, hidden=True)]
        if not _has_budget(exercise, point)
    ]


def _on_changed_inputs(
    exercise: Exercise,
    watched: Sequence[_Watched],
    points: Iterable[Point],
    told: Callable[[int], None],
) -> None:
    """Run the mutants on inputs that no case makes, where the reference returns something.

    Where the reference fails a check there too, as on a size that an empty frame does not have,
    that check says nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        made = list(changed_inputs([prepare(exercise, point) for point in points], Path(folder)))
        inputs = {one.point: one for one in made}
        if not inputs:
            return
        expected = fresh_results(exercise, {"": reference_source(exercise)}, inputs)[""]
        for point, result in list(expected.items()):
            if any(one.outcome != "returned" or one.unreadable for one in result.outcomes):
                del expected[point], inputs[point]
        allowed = set(_failed(exercise, expected, expected))
        limited = {point: _limited(one, expected[point]) for point, one in inputs.items()}
        for batch in _batches(watched, expected):
            found = _results(exercise, batch, limited)
            for one in batch:
                results = found[one.mutant.id]
                one.unseen += [str(p) for p in results if difference(results[p], expected[p])]
                failed = set(_failed(exercise, results, expected)) - allowed
                if failed and not one.unseen:
                    one.unseen.append(f"seen by {', '.join(sorted(failed))}")
                told(1)


def _settled(one: _Watched, seeds: Sequence[int]) -> Fate:
    known = (one.mutant.id, one.mutant.operator, one.mutant.line, one.mutant.change)
    places = list(one.caught)
    of_seed = {f"seed {seed}" for seed in seeds}
    if places and (set(places) - of_seed or of_seed <= set(places)):
        how, tests = one.caught[places[0]]
        return Fate(*known, "caught", how, places[0], tests)
    if one.caught:  # at some seeds only
        missed = ", ".join(sorted(of_seed - set(places)))
        return Fate(*known, "survived", where=f"full points at {missed}")
    if one.differs:
        return Fate(*known, "survived", where=one.differs[0])
    if one.unseen:
        return Fate(*known, "unseen", where=one.unseen[0])
    return Fate(*known, "same")


def _judge_all(
    exercise: Exercise, made: Sequence[Mutant], seeds: Sequence[int], told: Told
) -> list[Fate]:
    watched = [_Watched(mutant) for mutant in made]

    def left() -> list[_Watched]:
        return [one for one in watched if _settled(one, seeds).fate != "caught"]

    def unsettled() -> list[_Watched]:
        return [one for one in watched if _settled(one, seeds).fate == "same"]

    def tried(text: str, waiting: Sequence[_Watched]) -> Callable[[int], None]:
        done = 0

        def step(count: int) -> None:
            nonlocal done
            done += count
            told(text, done, len(waiting))

        told(text, 0, len(waiting))
        return step

    def attempt(text: str, places: Mapping[str, Sequence[Point]], graded: bool = True) -> None:
        waiting = left() if graded else unsettled()
        places = {place: points for place, points in places.items() if points}
        _try(exercise, waiting, places, tried(text, waiting), graded=graded)

    graded = {seed: grading_points(exercise, seed) for seed in seeds}
    light = {seed: [p for p in of if not _has_budget(exercise, p)] for seed, of in graded.items()}
    published = [point for point in light[seeds[0]] if not point.hidden]
    hidden = {f"seed {seed}": [p for p in of if p.hidden] for seed, of in light.items()}
    budgets = [point for point in graded[seeds[0]] if point not in light[seeds[0]]]
    further = {
        f"further seed {seed}": _further_points(exercise, seed)
        for seed in FURTHER_SEEDS
        if seed not in seeds
    }
    told("the reference", 0, 1)  # all at once: it then takes one process
    every = [published, *hidden.values(), *further.values()]
    expected_results(exercise, [point for points in every for point in points])
    if published:
        _never_ending(exercise, watched, published[0], tried("the first call", watched))
        attempt("tiny", {"tiny of the published seed": published})
    attempt("seeds of grading", hidden)
    attempt("budgets", {"budgets": budgets})
    attempt("further seeds", further, graded=False)
    tiny = [Point(point.case, "tiny", shop.SEED, True) for point in published]
    waiting = unsettled()
    if waiting:
        _on_changed_inputs(exercise, waiting, tiny, tried("changed inputs", waiting))
    return [_settled(one, seeds) for one in watched]


def fates(
    exercise: Exercise,
    seeds: Sequence[int] = GRADING_SEEDS,
    *,
    source: str | None = None,
    only: Collection[str] = (),
    told: Told = lambda text, done, whole: None,
) -> list[Fate]:
    """What became of every mutant of the reference, in the order of its lines.

    Args:
        seeds: grading seeds, each of which has to catch a mutant.
        source: another program to make mutants of, in place of the reference.
        only: ids of mutants that are tried anew and alone, whatever is kept or on record.
        told: is told how far it is.
    """
    made = mutants(reference_source(exercise) if source is None else source)
    if only:
        return _judge_all(exercise, [one for one in made if one.id in only], seeds, told)
    ours = Path(__file__).parent
    programs = [one.read_bytes() for one in (Path(__file__), ours / "inputs.py")]
    key = kept.content_key(
        exercise,
        content_hash(*programs),
        *map(str, seeds),
        *(f"{one.id}\n{one.source}" for one in made),
    )
    known = kept.load("mutants", exercise, key)
    if known is None and source is None and tuple(seeds) == GRADING_SEEDS:
        known = recorded.load(exercise)
    if known is None:
        found = _judge_all(exercise, made, seeds, told)
        kept.keep("mutants", exercise, key, [asdict(one) for one in found])
        return found
    return [Fate(**{**one, "tests": tuple(one["tests"])}) for one in known]
