"""What the reference answer to each exercise takes: time, and the memory that a call adds.

The book's status page shows it. Each size that checks use is called with the published seed, after
the set-up cell, in the runner of a check. The time is that of all calls at a size. A Spark frame
does its work when the check asks for its rows, and a flow when the check runs it: that is counted,
too. The memory is the most that one of the calls added to its process: of Spark that is the Python
side alone.
"""

from __future__ import annotations

import shop

from autograder.assignments import reference_source
from autograder.cases import Point, cases_of, prepare
from autograder.checking import Exercise
from autograder.course import chapters, exercises
from autograder.reference import fresh_results
from benchmarks.harness import BenchError, Record


def run(record: Record) -> None:
    for chapter in chapters():
        for one in exercises(chapter):
            _measure(one, record)


def _measure(one: Exercise, record: Record) -> None:
    """Call the reference at every point of every case, and record it by size."""
    points = [
        Point(name, size, shop.SEED, hidden=False)
        for name, case in cases_of(one).items()
        for size in dict.fromkeys((*case.self_check, *case.grading))
    ]
    prepared = {point: prepare(one, point) for point in points}
    found = fresh_results(one, {"reference": reference_source(one)}, prepared)["reference"]
    seconds: dict[str, float] = {}
    memory: dict[str, float] = {}
    for point, result in found.items():
        for outcome in result.outcomes:
            if outcome.outcome != "returned":
                raise BenchError(f"the reference of {one.id} did not return: {outcome.outcome}")
            took = outcome.seconds
            if prepared[point].spark or prepared[point].prefect:
                took += outcome.described_seconds
            seconds[point.size] = seconds.get(point.size, 0.0) + took
            memory[point.size] = max(memory.get(point.size, 0.0), outcome.peak_mb)
    for size in seconds:
        record(f"{one.id}, {size}, time", round(seconds[size], 4), "s")
        record(f"{one.id}, {size}, memory", round(memory[size], 2), "MiB")
