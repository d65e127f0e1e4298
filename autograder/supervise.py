"""Start a runner, watch it, and collect what it wrote.

A run can end early: a cell that cannot be interrupted, an answer that kills its process. What
was asked of the rest is then asked again of a new run without the offender, so that one mistake
costs what it must and no more.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.cases import Point, Prepared
from autograder.checking import Call, Exercise
from autograder.course import cache_folder, content_hash
from autograder.evidence import BadEvidence, Outcome, Result, read_events, read_outcome
from autograder.own_folder import own_folder, remove
from autograder.starting import Standby, beside, start_runner
from autograder.texts import readable
from autograder.wall import Jailed, Limits, Wall

MOST_RUNS = 12  # of one notebook, each without what ended the one before
START_SECONDS = 60.0
SLOW_START_SECONDS = 240.0  # Spark and Prefect on a busy machine; alone they take 3 and 8
SAMPLE_SECONDS = 0.02
LONGEST_FAILURE = 2_000
MIB = 1024 * 1024


@dataclass(frozen=True)
class Cell:
    """One code cell of a notebook."""

    name: str
    source: str


@dataclass
class Run:
    """What came of a notebook's cells and of the calls of its answers."""

    # by exercise id, name of the function that was called, and point
    results: dict[tuple[str, str, Point], Result] = field(default_factory=dict)
    cell_failures: dict[str, str] = field(default_factory=dict)  # cell name -> one line
    runs: int = 0

    def of(self, exercise: Exercise) -> dict[Point, Result]:
        return {point: one for (id, _, point), one in self.results.items() if id == exercise.id}


@dataclass
class _Asked:
    """One call that is to be made, and what came of it."""

    exercise: Exercise
    prepared: Prepared
    number: int
    call: Call
    outcome: Outcome | None = None


def _turn(one: _Asked) -> int:
    """Budgets first, while the process holds nothing but the learner's cells.

    Of those the ones without tables come first: a table that was read and freed again leaves free
    memory inside the process, which a later call could use without its being counted.
    """
    if one.prepared.spark or one.prepared.prefect:
        return 3  # beside them nothing can be forked
    if one.call.budget_mb is None:
        return 2
    kinds = {spec["kind"] for spec in one.prepared.arguments[one.number]}
    return 1 if kinds & {"frame", "series"} else 0


class _Watch:
    """Follows what the runner is doing: samples memory, and ends it when it is over time."""

    def __init__(self, jailed: Jailed, seconds: float):
        self.jailed = jailed
        self.over_memory = False
        self.deadline = time.monotonic() + seconds
        self._budget: float | None = None
        self._floor = 0
        self._began = 0.0
        self.series: list[tuple[float, float]] = []
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def expect_within(self, seconds: float, budget_mb: float | None = None) -> None:
        """The next event is due in `seconds`; meanwhile memory is sampled under a budget."""
        with self._lock:
            self.deadline = time.monotonic() + seconds
            self._budget = budget_mb
            self.series = []
            self._began = time.monotonic()
            self._floor = self.jailed.anonymous_bytes() if budget_mb else 0

    def _loop(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS if self._budget else 0.1):
            with self._lock:
                if time.monotonic() > self.deadline:
                    self.jailed.stop()
                    return
                if self._budget is None:
                    continue
                grown = (self.jailed.anonymous_bytes() - self._floor) / MIB
                self.series.append((round(time.monotonic() - self._began, 3), max(0.0, grown)))
                if grown > self._budget * 1.25 + 64:  # the limit inside did not hold
                    self.over_memory = True
                    self.jailed.stop()
                    return

    def close(self) -> None:
        self._done.set()
        self._thread.join()


def run_answers(
    cells: Sequence[Cell],
    work: Sequence[tuple[Exercise, Prepared]],
    wall: Wall,
    *,
    tables: Path | None = None,
    cell_seconds: float = 20.0,
    limits: Limits | None = None,
    keep_raw: bool = False,
    progress: Callable[[str], None] = lambda text: None,
    standby: Standby | None = None,
) -> Run:
    """Run a notebook's cells and call its answers.

    Args:
        cells: the code cells, in order.
        work: what to call, per exercise and point.
        wall: where the code runs.
        tables: a folder of prepared tables that `shop.load` reads in the run.
        cell_seconds: after this time a cell is interrupted.
        limits: for the whole run.
        keep_raw: keep the evidence as it came, for who wants to store it.
        progress: told what is being run.
        standby: a runner that has started already, for a wall that it was started behind.
    """
    asked = [
        _Asked(exercise, prepared, number, call)
        for exercise, prepared in work
        for number, call in enumerate(prepared.calls)
    ]
    asked.sort(key=_turn)
    paths = sorted({path for _, prepared in work for path in prepared.files()})
    files = {path: _name_inside(path, number, work) for number, path in enumerate(paths)}
    run = Run()
    left = list(cells)
    with _placed(files) as inputs:
        while True:
            waiting = [one for one in asked if one.outcome is None]
            if (not waiting and run.runs) or run.runs >= MOST_RUNS:
                break
            run.runs += 1
            culprit = _run_once(
                left, waiting, wall, files, inputs, tables, cell_seconds,
                limits, run, keep_raw, progress, standby,
            )  # fmt: skip
            if culprit is None:
                break
            left = [cell for cell in left if cell.name != culprit]
    for exercise, prepared in work:
        outcomes = [
            one.outcome or Outcome(one.call, "nothing")
            for one in asked
            if one.prepared is prepared and one.exercise is exercise
        ]  # the sort is stable, so these are in the order of the calls
        point = prepared.point
        run.results[exercise.id, prepared.function, point] = Result(
            prepared.function, point.size, point.hidden, outcomes
        )
    return run


def _name_inside(path: Path, number: int, work: Sequence[tuple[Exercise, Prepared]]) -> str:
    """The name under which the runner sees `path`, which nobody can guess who has no seed."""
    seeds = sorted({str(prepared.point.seed) for _, prepared in work})
    return f"{content_hash(*seeds, str(number))}-{path.name}"


@contextmanager
def _placed(files: Mapping[Path, str]) -> Iterator[Path]:
    """A folder that holds `files` under the given names, and whose own name tells nothing of them.

    A program sees the outside path of what is mounted for it, and the paths of made data name the
    seed. Hence links in a folder with a random name. Nor can the folder be listed: a cell would
    find the inputs there, and do the work of a call ahead of it, out of its budget.
    """
    above = cache_folder() / "runs"
    above.mkdir(parents=True, exist_ok=True)
    folder = own_folder("run-", above)
    try:
        for path, name in files.items():
            if path.is_dir():
                shutil.copytree(path, folder / name, copy_function=_link_or_copy)
            else:
                _link_or_copy(path, folder / name)
        folder.chmod(0o311)
        yield folder
    finally:
        remove(folder)


def _link_or_copy(source: Path | str, to: Path | str) -> None:
    try:
        os.link(source, to)
    except OSError:  # another file system
        shutil.copyfile(source, to)
    os.chmod(to, 0o644)


def _run_once(
    cells: list[Cell],
    asked: list[_Asked],
    wall: Wall,
    files: dict[Path, str],
    inputs: Path,
    tables: Path | None,
    cell_seconds: float,
    limits: Limits | None,
    run: Run,
    keep_raw: bool,
    progress: Callable[[str], None],
    standby: Standby | None,
) -> str | None:
    """One process: the cells, then the calls. Fills in outcomes as they arrive.

    Returns the name of the cell that ended the process, "" when a call did, None when it came to
    its end.
    """
    needs = beside(one.prepared for one in asked)
    seen = wall.place({"/inputs": inputs})
    where = {path: f"{seen['/inputs']}/{name}" for path, name in files.items()}
    requests = [one.prepared.request_of(one.exercise, one.number, where) for one in asked]
    for number, one_request in enumerate(requests):  # a point's name does not tell its seed
        one_request["id"] = f"{number}/{one_request['id']}"
    by_id = {request["id"]: one for request, one in zip(requests, asked, strict=True)}
    request = json.dumps(
        {
            "cells": [{"name": cell.name, "source": cell.source} for cell in cells],
            "cell_seconds": cell_seconds,
            "calls": requests,
        }
    ).encode()
    start_seconds = SLOW_START_SECONDS if needs else START_SECONDS
    heard = False
    # Events are due in one order. Each gives the runner more time, so none may come again.
    cells_due = [cell.name for cell in reversed(cells)]
    calls_due = [one_request["id"] for one_request in reversed(requests)]
    in_cells = True
    current_cell: str | None = None
    current: _Asked | None = None
    if standby is not None and standby.ready and standby.needs == needs:
        jailed = standby.give(request)
    else:
        jailed = start_runner(wall, needs, request, inputs=inputs, tables=tables, limits=limits)
    with jailed:
        watch = _Watch(jailed, start_seconds)
        try:
            assert jailed.process.stdout is not None
            for event, payload in read_events(jailed.process.stdout):
                heard = True
                kind = event["event"]
                if kind == "cell":
                    if not in_cells or not cells_due or event.get("name") != cells_due.pop():
                        raise BadEvidence("a cell that is not due")
                    current_cell = str(event["name"])
                    watch.expect_within(cell_seconds + 5)
                elif kind == "cells":
                    if not in_cells or cells_due:
                        raise BadEvidence("an end of the cells that is not due")
                    in_cells, current_cell = False, None
                    _note_failures(event, cells, run)
                    watch.expect_within(start_seconds)
                elif kind == "call":
                    due = not in_cells and current is None and calls_due
                    if not due or event.get("id") != calls_due.pop():
                        raise BadEvidence("a call that is not due")
                    current = by_id[event["id"]]
                    progress(f"{current.exercise.name}, {current.prepared.point.size}")
                    # The call, and what is done with its value, may take so long each.
                    watch.expect_within(2 * current.call.seconds + 10, current.call.budget_mb)
                elif kind == "evidence":
                    if current is None or by_id.get(str(event.get("id"))) is not current:
                        raise BadEvidence("evidence of a call that is not under way")
                    current.outcome = read_outcome(current.call, event, payload)
                    current.outcome.memory = tuple(watch.series)
                    current.outcome.raw = (event, payload) if keep_raw else None
                    current = None
                    watch.expect_within(start_seconds)
                elif kind == "end":
                    break
                else:
                    raise BadEvidence("an event of an unknown kind")
            else:
                if not heard:  # nothing of the learner's had begun
                    raise RuntimeError("the runner ended before it began")
                return _blame(current, current_cell, watch, run)
        except BadEvidence:
            return _blame(current, current_cell, watch, run)
        finally:
            watch.close()
    return None


def runnable_cells(notebook: NotebookNode) -> list[Cell]:
    """The code cells that a run executes: all but the graded ones, which are ours."""
    cells = []
    for number, cell in enumerate(notebook.cells, start=1):
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not marks.get("grade"):
            cells.append(Cell(marks.get("grade_id") or f"cell {number}", cell.source))
    return cells


def _blame(current: _Asked | None, cell: str | None, watch: _Watch, run: Run) -> str:
    """The process ended early: say so of what was under way. Returns that cell's name, or ""."""
    if current is not None:
        over = watch.over_memory or watch.jailed.exceeded == "memory"
        kind = "memory" if over else "killed"
        if time.monotonic() > watch.deadline:
            kind = "time"
        current.outcome = Outcome(current.call, kind, memory=tuple(watch.series))
        return ""
    if cell is not None:
        run.cell_failures[cell] = "it was stopped, or ended the process, before it was done"
        return cell
    run.runs = MOST_RUNS  # it ended between cells and calls: no use in trying again
    return ""


def _note_failures(event: dict[str, Any], cells: Sequence[Cell], run: Run) -> None:
    names = {cell.name for cell in cells}
    failures = event.get("failures")
    for failure in failures if isinstance(failures, list) else []:
        if not isinstance(failure, dict) or not isinstance(failure.get("error"), dict):
            continue
        error, name = failure["error"], str(failure.get("name"))
        line = f"{error.get('type', '')}: {error.get('message', '')}"
        if failure.get("outcome") == "time":
            line = "it had not finished in time and was interrupted"
        if name in names:
            run.cell_failures[name] = readable(" ".join(line[:LONGEST_FAILURE].split()), 300)
