"""How long a learner waits for a check in a warm kernel, and for the import that gives it.

The reference answers are checked over and over in one process, as in a notebook that has run its
set-up cell. Exercises with a memory budget repeat the notebook in a process of its own, at medium;
they are measured apart.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

from autograder import selfcheck
from autograder.assignments import reference_source, setup_source
from autograder.cases import prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import chapters, exercises
from benchmarks.harness import BenchError, Record

TIMES = 20
BUDGETED_TIMES = 5
MEDIAN, NEARLY_ALL = 1.0, 2.0  # seconds: half of the checks, and 95 % of them
IMPORTED = """
import json, sys, time
began = time.perf_counter()
import autograder
took = time.perf_counter() - began
print(json.dumps([took, "pyspark" in sys.modules, "prefect" in sys.modules]))
"""


def run(record: Record) -> None:
    """Check each exercise's reference `TIMES` times, and import the package as often."""
    record("load average before", os.getloadavg()[0], "processes")
    imports = [_import() for _ in range(TIMES)]
    took = statistics.median(imports)
    record("import autograder", took, "s", "<= 0.3", took <= 0.3)
    for chapter in chapters():
        quick: list[float] = []
        budgeted: list[float] = []
        for one in exercises(chapter):
            times = budgeted if _has_budget(one) else quick
            times += _checks(chapter, one, BUDGETED_TIMES if _has_budget(one) else TIMES)
        if quick:
            middle = statistics.median(quick)
            most = sorted(quick)[int(0.95 * len(quick))]
            record(f"{chapter}, a check, median", middle, "s", f"<= {MEDIAN:g}", middle <= MEDIAN)
            record(f"{chapter}, a check, 95 %", most, "s", f"<= {NEARLY_ALL:g}", most <= NEARLY_ALL)
        if budgeted:
            record(f"{chapter}, a check with a budget, median", statistics.median(budgeted), "s")


def _has_budget(one: Exercise) -> bool:
    prepared = [prepare(one, point) for point in self_check_points(one)]
    return any(call.budget_mb for each in prepared for call in each.calls)


def _checks(chapter: str, one: Exercise, times: int) -> list[float]:
    """Seconds that each of `times` checks of the reference takes; one before it is not counted."""
    names: dict[str, object] = {"__name__": "__main__"}
    source = reference_source(one)
    exec(compile(setup_source(chapter) + "\n\n" + source, "<answer>", "exec"), names)
    answer = names[one.name]
    assert callable(answer)
    cells = [setup_source(chapter), source]
    selfcheck._cells_run = lambda answer: cells  # what a notebook's history would give
    took = []
    for number in range(times + 1):
        began = time.perf_counter()
        verdict = selfcheck.check_answer(answer, one)
        if number:
            took.append(time.perf_counter() - began)
        if verdict.state != "passed":
            raise BenchError(f"the reference of {one.id} did not pass: {verdict.finding}")
    return took


def _import() -> float:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True
    )
    took, spark, prefect = json.loads(done.stdout)
    if spark or prefect:
        raise BenchError("`import autograder` imports Spark or Prefect")
    return float(took)
