"""How Spark answered: facts from the event log of one call, as a check asserts on them.

The log has a line of JSON for each event: org.apache.spark.util.JsonProtocol writes it. It comes
from the learner's process, so it is read with limits, and facts are only given where the record is
whole: after its last job there has to be the mark with which the runner signs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from autograder.runner.spark import mark_of

MOST_EVENTS = 200_000
DEEPEST_PLAN = 400
_SQL = "org.apache.spark.sql.execution.ui.SparkListener"
_WRAPPERS = ("WholeStageCodegen", "InputAdapter", "AdaptiveSparkPlan", "ColumnarToRow")
_STAGES = ("ShuffleQueryStage", "BroadcastQueryStage", "ResultQueryStage", "TableCacheQueryStage")


class BadRecord(ValueError):
    """The record is not what Spark writes."""


@dataclass(frozen=True)
class Node:
    """One operator of a physical plan."""

    name: str  # as Spark calls it: "Exchange", "BroadcastHashJoin", "Scan parquet "
    text: str  # its one-line description, which Spark may cut short
    details: dict[str, str]
    children: tuple[Node, ...]
    metrics: dict[str, int]  # name -> accumulator

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Task:
    """What one task did."""

    stage: int
    result_bytes: int  # sent to the driver
    rows_read: int  # from files, caches and shuffles; batches of rows where Python made them
    bytes_read: int  # from files and caches
    shuffle_read: int  # bytes
    shuffle_written: int  # bytes
    spilled: int  # bytes in memory that did not fit
    seconds: float = 0.0  # of running


@dataclass
class Phase:
    """What Spark did in one stretch of time."""

    jobs: int = 0
    tasks: list[Task] = field(default_factory=list)
    plans: dict[tuple[int, int], Node] = field(default_factory=dict)  # last form of each
    accumulated: dict[int, int] = field(default_factory=dict)
    signed: int | None = None  # the mark after the last job


@dataclass(frozen=True)
class SparkFacts:
    """How Spark came to one answer.

    `called` is what happened while the learner's function ran, `acted` what happened when the
    rows of what it returned were asked for.
    """

    called: Phase
    acted: Phase

    @property
    def jobs_before_action(self) -> int:
        """Jobs that the function itself started: 0 for an answer that is lazy."""
        return self.called.jobs

    @property
    def plans(self) -> tuple[Node, ...]:
        """The physical plans that ran, each in its last form."""
        return (*self.called.plans.values(), *self.acted.plans.values())

    def nodes(self, *names: str) -> list[Node]:
        """Operators of all plans whose name begins with one of `names`; all without a name.

        What stands below a shuffle that is used again did not run again, and is not among them.
        """
        return [
            node
            for plan in self.plans
            for node in _ran(plan)
            if not names or node.name.startswith(names)
        ]

    @property
    def exchanges(self) -> int:
        """Shuffles in the plans; one that is used again, and a broadcast, does not count."""
        return sum(1 for node in self.nodes("Exchange"))

    @property
    def joins(self) -> list[str]:
        """The joins' strategies: "BroadcastHashJoin", "SortMergeJoin", ..."""
        return sorted(node.name for node in self.nodes() if node.name.endswith("Join"))

    @property
    def pushed_filters(self) -> list[str]:
        """Conditions that the files' reader was given."""
        found = []
        for node in self.nodes("Scan", "BatchScan"):
            inner = node.details.get("PushedFilters", "[]").strip("[]")
            found += [one for one in re.split(r", (?![^(]*\))", inner) if one]
        return found

    @property
    def columns_read(self) -> set[str]:
        """Columns that were read from files."""
        found: set[str] = set()
        for node in self.nodes("Scan", "BatchScan"):
            schema = node.details.get("ReadSchema", "")
            found |= set(_top_level_names(schema.removeprefix("struct<").removesuffix(">")))
        return found

    @property
    def python_nodes(self) -> list[tuple[str, int]]:
        """(name, eval type) of each operator that sends rows to Python. 100 to 102: plain UDFs;
        200 to 207: pandas UDFs and what is built on them."""
        found = []
        for node in self.nodes():
            if "Python" in node.name or "InPandas" in node.name or "InArrow" in node.name:
                number = re.search(r", (\d+)\s*$", node.text)
                found.append((node.name, int(number.group(1)) if number else 0))
        return found

    @property
    def rows_to_driver(self) -> int:
        """Rows that the function itself brought to the driver by SQL, broadcasts not counted."""
        return sum(_rows_out(plan, self.called) for plan in self.called.plans.values())

    @property
    def bytes_to_driver(self) -> int:
        """Bytes that tasks sent to the driver while the function itself ran. Judge its growth
        with the data: every task sends about 1 KB, and broadcast joins collect their small side."""
        return sum(task.result_bytes for task in self.called.tasks)

    @property
    def _tasks(self) -> list[Task]:
        return self.called.tasks + self.acted.tasks

    @property
    def shuffle_bytes(self) -> int:
        """Bytes written for shuffles."""
        return sum(task.shuffle_written for task in self._tasks)

    @property
    def bytes_read(self) -> int:
        """Bytes read from files and caches."""
        return sum(task.bytes_read for task in self._tasks)

    @property
    def spilled_bytes(self) -> int:
        """Bytes that did not fit into memory and went to disk, as they were in memory."""
        return sum(task.spilled for task in self._tasks)

    @property
    def largest_over_median(self) -> float:
        """Shuffle bytes of the largest task over those of the median one, in the stage where
        that is the most; 1.0 without a shuffle. Empty tasks count."""
        stages: dict[int, list[int]] = {}
        for task in self._tasks:
            stages.setdefault(task.stage, []).append(task.shuffle_read)
        ratios = [max(sizes) / max(1.0, median(sizes)) for sizes in stages.values() if any(sizes)]
        return max(ratios, default=1.0)

    def partition_bytes(self) -> list[int]:
        """Shuffle bytes that each task of the most uneven stage read."""
        stages: dict[int, list[int]] = {}
        for task in self._tasks:
            stages.setdefault(task.stage, []).append(task.shuffle_read)
        with_data = [sizes for sizes in stages.values() if any(sizes)]
        return max(with_data, key=lambda s: max(s) / max(1.0, median(s)), default=[])


def read_facts(called: bytes, acted: bytes, mark: str) -> SparkFacts | None:
    """The facts in the two stretches of a call's event log; None where the record is not whole.

    Raises:
        BadRecord: it is not what Spark writes.
    """
    first, second = read_phase(called), read_phase(acted)
    if second.signed != mark_of(mark):
        return None
    return SparkFacts(first, second)


def read_phase(lines: bytes) -> Phase:
    """What the events in `lines` tell. Raises `BadRecord`: they are not what Spark writes."""
    phase = Phase()
    try:
        _read(lines, phase)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as problem:
        raise BadRecord("an event that Spark does not write") from problem
    return phase


def _read(lines: bytes, phase: Phase) -> None:
    run = 0
    for number, line in enumerate(lines.splitlines()):
        if number > MOST_EVENTS:
            raise BadRecord("too many events")
        event = json.loads(line)
        kind = event["Event"]
        if kind == "SparkListenerApplicationStart":
            run += 1  # a session that was started anew counts its plans anew
        elif kind == "SparkListenerJobStart":
            phase.jobs += 1
            phase.signed = None
        elif kind == _SQL + "DriverAccumUpdates" and int(event["executionId"]) < 0:
            phase.signed = int(event["executionId"])
        elif kind == "SparkListenerTaskEnd":
            _add_task(event, phase)
        elif kind in (_SQL + "SQLExecutionStart", _SQL + "SQLAdaptiveExecutionUpdate"):
            plan = _node(event["sparkPlanInfo"])
            phase.plans[run, int(event["executionId"])] = plan


def _add_task(event: dict[str, Any], phase: Phase) -> None:
    measured = event.get("Task Metrics")
    if not measured:  # it failed before it began
        return
    read, written = measured["Shuffle Read Metrics"], measured["Shuffle Write Metrics"]
    given = measured["Input Metrics"]
    phase.tasks.append(
        Task(
            stage=int(event["Stage ID"]),
            result_bytes=int(measured["Result Size"]),
            rows_read=int(given["Records Read"]) + int(read["Total Records Read"]),
            bytes_read=int(given["Bytes Read"]),
            shuffle_read=int(read["Remote Bytes Read"]) + int(read["Local Bytes Read"]),
            shuffle_written=int(written["Shuffle Bytes Written"]),
            spilled=int(measured["Memory Bytes Spilled"]),
            seconds=float(measured.get("Executor Run Time", 0)) / 1000,
        )
    )
    for one in event["Task Info"].get("Accumulables", []):
        update = one.get("Update")
        if isinstance(update, str) and update.lstrip("-").isdigit():
            update = int(update)
        if isinstance(update, int):
            number = int(one["ID"])
            phase.accumulated[number] = phase.accumulated.get(number, 0) + update


def _node(info: dict[str, Any], depth: int = 0) -> Node:
    if depth > DEEPEST_PLAN:
        raise BadRecord("a plan is nested too deeply")
    return Node(
        str(info["nodeName"]),
        str(info["simpleString"]),
        {str(k): str(v) for k, v in info["metadata"].items()},
        tuple(_node(child, depth + 1) for child in info["children"]),
        {str(one["name"]): int(one["accumulatorId"]) for one in info["metrics"]},
    )


def _ran(node: Node) -> Iterator[Node]:
    yield node
    if not node.name.startswith("ReusedExchange"):
        for child in node.children:
            yield from _ran(child)


def _rows_out(plan: Node, phase: Phase) -> int:
    """Rows that the uppermost operator of `plan` with a count of rows gave out."""
    node = plan
    while "number of output rows" not in node.metrics:
        if len(node.children) != 1:
            return 0
        node = node.children[0]
    return phase.accumulated.get(node.metrics["number of output rows"], 0)


def _top_level_names(fields: str) -> Iterable[str]:
    """`a` and `b` of "a:bigint,b:struct<c:int>"."""
    depth, name = 0, ""
    in_name = True
    for letter in fields:
        if letter in "<(":
            depth += 1
        elif letter in ">)":
            depth -= 1
        if depth == 0 and letter == ":" and in_name:
            yield name
            in_name = False
        elif depth == 0 and letter == ",":
            name, in_name = "", True
        elif in_name:
            name += letter


def is_wrapper(node: Node) -> bool:
    """Whether `node` only wraps another, and does nothing to rows itself."""
    return node.name.startswith((*_WRAPPERS, *_STAGES))


def plan_as_text(plan: Node) -> list[str]:
    """The plan as indented lines, its shuffles marked; what only wraps another node is left out."""
    lines: list[str] = []

    def show(node: Node, depth: int) -> None:
        if is_wrapper(node):
            for child in node.children:
                show(child, depth)
            return
        mark = "<== shuffle" if node.name == "Exchange" else ""
        mark = "<== rows go through Python" if "Python" in node.name else mark
        again = node.name.startswith("ReusedExchange")
        mark = "<== the rows of a shuffle above" if again else mark
        lines.append(f"{'  ' * depth}{node.name.strip()}  {mark}".rstrip())
        for child in () if again else node.children:
            show(child, depth + 1)

    show(plan, 0)
    return lines
