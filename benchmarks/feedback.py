"""How long a learner waits for a check in a warm kernel, and for the import that gives it.

The reference answers are checked over and over in one process, as in a notebook that has run its
set-up cell. Exercises with a memory budget repeat the notebook in a process of its own, at medium;
they are measured apart. Flows are checked in a process that stands by: between two checks there is
the time that it needs to start, as there is when a learner thinks. `course watch` is measured from
the save of a file to the line with the verdict. What is promised is promised in seconds, and a
shared machine is not always equally fast: hence the time of a loop of Python beside each.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from autograder import selfcheck
from autograder.assignments import reference_source, setup_source
from autograder.cases import prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import chapters, exercises
from autograder.learning import kernel, warming
from benchmarks.harness import BenchError, Record, pace

TIMES = 20  # checks of a chapter at least, and imports
LEAST_TIMES = 5  # checks of an exercise
BUDGETED_TIMES = 5
FLOW_TIMES = 3
MEDIAN, NEARLY_ALL = 1.0, 2.0  # seconds: half of the checks, and 95 % of them
FLOWS, SAVED = 3.0, 2.0  # seconds: a check of a flow, and from save to verdict
THINKING = {"prefect": 12.0, "spark": 8.0, "": 2.0}  # seconds in which what stands by gets ready
WATCHED = ("memory_wall", "dataframes")
IMPORTED = """
import json, sys, time
began = time.perf_counter()
import autograder
took = time.perf_counter() - began
print(json.dumps([took, "pyspark" in sys.modules, "prefect" in sys.modules]))
"""


def run(record: Record) -> None:
    """Check each chapter's references `TIMES` times or more, and import the package as often."""
    record("load average before", os.getloadavg()[0], "processes")
    imports = [_import() for _ in range(TIMES)]
    took = statistics.median(imports)
    record("import autograder", took, "s", "<= 0.3", took <= 0.3)
    kernel.in_notebook = lambda: True
    warming.begin = lambda chapter: None  # nothing beside what is measured
    for chapter in chapters():
        quick: list[float] = []
        budgeted: list[float] = []
        flows: list[float] = []
        times = max(LEAST_TIMES, -(-TIMES // len(exercises(chapter))))
        record(f"{chapter}, ten million additions in Python beforehand", pace(), "s")
        for one in exercises(chapter):
            prepared = [prepare(one, point) for point in self_check_points(one)]
            if any(each.prefect for each in prepared):
                flows += _checks(chapter, one, FLOW_TIMES, THINKING["prefect"])
            elif any(call.budget_mb for each in prepared for call in each.calls):
                budgeted += _checks(chapter, one, BUDGETED_TIMES)
            else:
                quick += _checks(chapter, one, times)
        if flows:
            middle = statistics.median(flows)
            record(
                f"{chapter}, a check of a flow, median",
                middle,
                "s",
                f"<= {FLOWS:g}",
                middle <= FLOWS,
            )
        if quick:
            middle = statistics.median(quick)
            most = within(quick, 0.95)
            record(f"{chapter}, a check, median", middle, "s", f"<= {MEDIAN:g}", middle <= MEDIAN)
            record(f"{chapter}, a check, 95 %", most, "s", f"<= {NEARLY_ALL:g}", most <= NEARLY_ALL)
        if budgeted:
            record(f"{chapter}, a check with a budget, median", statistics.median(budgeted), "s")
    for chapter in WATCHED:
        if chapter in chapters():
            record(f"{chapter}, ten million additions in Python before the saves", pace(), "s")
            middle = statistics.median(_saves(exercises(chapter)[1], TIMES // 2))
            record(
                f"{chapter}, from save to verdict", middle, "s", f"<= {SAVED:g}", middle <= SAVED
            )


def within(took: list[float], share: float) -> float:
    """The smallest of the times within which at least that share of them lies."""
    return sorted(took)[math.ceil(share * len(took)) - 1]


def _saves(one: Exercise, times: int) -> list[float]:
    """Seconds from the save of a Python file to its verdict in `course watch`."""
    needs = {"spark"} if any(prepare(one, p).spark for p in self_check_points(one)) else {""}
    took = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{one.chapter}.py"
        file.write_text("\n")
        watcher = subprocess.Popen(
            [sys.executable, "-u", "-m", "autograder.cli", "watch", str(file)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "BEYOND_PANDAS_HOME": folder},
        )
        try:
            _line_with("Watching", watcher)
            for number in range(times + 1):
                time.sleep(THINKING[next(iter(needs))])
                began = time.perf_counter()
                file.write_text(f"{reference_source(one)}\n# save {number}\n")
                _line_with(one.title, watcher)
                if number:
                    took.append(time.perf_counter() - began)
        finally:
            watcher.kill()
            watcher.wait()
    return took


def _line_with(text: str, process: subprocess.Popen[str], within: float = 120.0) -> None:
    assert process.stdout is not None
    late = threading.Timer(within, process.kill)
    late.start()
    try:
        if any(text in line for line in iter(process.stdout.readline, "")):
            return
    finally:
        late.cancel()
    raise BenchError(f"`course watch` did not say: {text}")


def _checks(chapter: str, one: Exercise, times: int, pause: float = 0.0) -> list[float]:
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
        time.sleep(pause)
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
