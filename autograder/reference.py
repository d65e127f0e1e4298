"""What the reference, and the wrong answers on file, return for given inputs; kept once computed.

These are our own programs, so they run without a wall, in the same runner as a student's.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from autograder.answers import wrong_answers
from autograder.assignments import reference_source, setup_source
from autograder.cases import Point, Prepared, prepare
from autograder.checking import Exercise
from autograder.course import cache_folder, content_hash, is_students_edition
from autograder.evidence import Result
from autograder.patience import with_patience
from autograder.shipped import read_results, shipped_results
from autograder.supervise import Cell, run_answers
from autograder.wall import find_wall

UNSETTLED = {"time", "killed", "nothing", "ours"}


@cache
def _runner_version() -> str:
    """Changes when the same answer might leave other evidence."""
    sources = sorted((Path(__file__).parent / "runner").glob("*.py"))
    return content_hash(sys.version, *(one.read_bytes() for one in sources))


def _kept(exercise: Exercise, prepared: Prepared, source: str) -> Path:
    """Where the evidence of `source` on these inputs is kept."""
    key = content_hash(source, prepared.key, _runner_version())
    return cache_folder() / "expected" / exercise.chapter / exercise.name / f"{key}.evidence"


def _load(path: Path, prepared: Prepared) -> Result | None:
    if not path.exists():
        return None
    return read_results(prepared, path.read_bytes())


def _save(path: Path, result: Result) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        for outcome in result.outcomes:
            event, payload = outcome.raw or ({"event": "evidence", "outcome": outcome.outcome}, b"")
            line = json.dumps({**event, "arrow_bytes": len(payload)})
            part.write(line.encode() + b"\n" + payload)
    os.replace(part.name, path)


def results_of(
    exercise: Exercise,
    sources: Mapping[str, str],
    points: Sequence[Point],
    *,
    second_try: bool = False,
) -> dict[str, dict[Point, Result]]:
    """Results of several answers to one exercise, by answer and point; kept once computed.

    Each source runs in a namespace of its own, after the chapter's set-up cell.

    Args:
        exercise: whose answers they are.
        sources: programs by the names of the answers.
        points: where to call them.
        second_try: what was late or ended early is run once more, with the patience that a busy
            machine needs.
    """
    if not sources:  # the students' edition has none
        return {}
    prepared = {point: prepare(exercise, point) for point in points}
    found: dict[str, dict[Point, Result]] = {name: {} for name in sources}
    missing: list[tuple[str, Point]] = []
    setup = setup_source(exercise.chapter)
    for name, source in sources.items():
        for point in points:
            path = _kept(exercise, prepared[point], setup + source)
            result = _load(path, prepared[point])
            if result is None:
                missing.append((name, point))
            else:
                found[name][point] = result
    ran = _run(exercise, sources, prepared, missing, keep_raw=True)
    unsettled = [which for which, result in ran.items() if not _is_settled(result)]
    if unsettled and second_try:
        patient = {point: with_patience(one) for point, one in prepared.items()}
        ran |= _run(exercise, sources, patient, unsettled, keep_raw=True)
    for (name, point), result in ran.items():
        if _is_settled(result):
            _save(_kept(exercise, prepared[point], setup + sources[name]), result)
        for outcome in result.outcomes:
            outcome.raw = None  # as large as the values, and not asked for again
        found[name][point] = result
    return found


def _is_settled(result: Result) -> bool:
    """Whether it would come out so again: what was late or ended early may have a busy machine to
    blame, and is not kept."""
    return all(outcome.outcome not in UNSETTLED for outcome in result.outcomes)


def fresh_results(
    exercise: Exercise, sources: Mapping[str, str], prepared: Mapping[Point, Prepared]
) -> dict[str, dict[Point, Result]]:
    """Like `results_of`, on inputs that the caller has prepared; nothing is kept."""
    wanted = [(name, point) for name in sources for point in prepared]
    found: dict[str, dict[Point, Result]] = {name: {} for name in sources}
    for (name, point), result in _run(exercise, sources, prepared, wanted).items():
        found[name][point] = result
    return found


def _run(
    exercise: Exercise,
    sources: Mapping[str, str],
    prepared: Mapping[Point, Prepared],
    wanted: Sequence[tuple[str, Point]],
    keep_raw: bool = False,
) -> dict[tuple[str, Point], Result]:
    """Run the answers at the points that are `wanted`: one process, and a fork for every call.

    Points are the outer loop, so that all answers need a table one after the other, and it is
    read once.
    """
    if not wanted:
        return {}
    setup = setup_source(exercise.chapter)
    called = {name: f"answer_{number}" for number, name in enumerate(sources)}
    cells = []
    for name in dict.fromkeys(name for name, _ in wanted):
        source = f"{setup}\n\n{sources[name]}"
        cells.append(
            Cell(
                called[name],
                f"_names = {{'__name__': 'answer'}}\n"
                f"exec(compile({source!r}, '<answer>', 'exec'), _names)\n"
                f"{called[name]} = _names[{exercise.name!r}]",
            )
        )
    asked = set(wanted)
    work = [
        (exercise, replace(one, function=called[name]))
        for point, one in prepared.items()
        for name in sources
        if (name, point) in asked
    ]
    run = run_answers(cells, work, find_wall(trusting=True), keep_raw=keep_raw)
    names = {function: name for name, function in called.items()}
    results = {}
    for (_, function, point), result in run.results.items():
        result.function = exercise.name
        results[names[function], point] = result
    return results


def expected_results(exercise: Exercise, points: Sequence[Point]) -> dict[Point, Result]:
    """What the reference returns at each point.

    Raises:
        CourseError: the students' edition holds no results for what this machine's data are.
        RuntimeError: the reference itself did not return; then nobody can be judged.
    """
    if is_students_edition():
        return shipped_results(exercise, points)
    source = reference_source(exercise)
    by_answer = results_of(exercise, {"reference": source}, list(points), second_try=True)
    found = by_answer["reference"]
    for point, result in found.items():
        for outcome in result.outcomes:
            if outcome.outcome != "returned" or outcome.unreadable:
                raise RuntimeError(
                    f"the reference of {exercise.id} gave no value at {point}: {outcome.outcome} "
                    f"{outcome.error or outcome.unreadable}"
                )
    return found


def kept_evidence(exercise: Exercise, point: Point) -> bytes:
    """The evidence of the reference at one point, as the runner wrote it."""
    expected_results(exercise, [point])
    source = setup_source(exercise.chapter) + reference_source(exercise)
    return _kept(exercise, prepare(exercise, point), source).read_bytes()


def wrong_results(exercise: Exercise, point: Point) -> dict[str, Result]:
    """What each wrong answer on file returns at `point`; none where a budget holds."""
    if any(call.budget_mb for call in prepare(exercise, point).calls):
        return {}
    sources = {one.name: one.source for one in wrong_answers(exercise)}
    return {
        name: by_point[point] for name, by_point in results_of(exercise, sources, [point]).items()
    }
