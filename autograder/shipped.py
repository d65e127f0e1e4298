"""What the reference returned, shipped with the students' edition, which has no solutions.

`course release` works the results out and puts them into `autograder/expected/`, one file for each
case at each size that a self-check uses. Of how Spark came to a result they hold byte counts alone:
plans would tell how the reference did it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from autograder.cases import Point, Prepared, prepare
from autograder.checking import Exercise
from autograder.course import SHIPPED, CourseError
from autograder.evidence import Result, read_events, read_outcome
from autograder.runner.spark import mark_of

# What checks may read of the reference's tasks: see `Task` in spark_record.py.
_COUNTED = {
    "Shuffle Read Metrics": ("Total Records Read", "Remote Bytes Read", "Local Bytes Read"),
    "Shuffle Write Metrics": ("Shuffle Bytes Written",),
    "Input Metrics": ("Records Read", "Bytes Read"),
}


def file_of(exercise: Exercise, prepared: Prepared) -> str:
    """Where the results for these inputs lie, below `SHIPPED`."""
    return f"{exercise.chapter}/{exercise.name}/{prepared.key}.evidence"


def shipped_results(exercise: Exercise, points: Sequence[Point]) -> dict[Point, Result]:
    """What the reference returned at each point.

    Raises:
        CourseError: there is no result for the inputs that this machine makes.
    """
    found = {}
    for point in points:
        prepared = prepare(exercise, point)
        path = SHIPPED / file_of(exercise, prepared)
        if not path.exists():
            raise CourseError(
                f"what {exercise.name} is compared with was made for other data than this machine "
                "makes: the versions of pandas and faker have to be those of requirements.lock. "
                "Run `make setup`, in the folder as it was given out"
            )
        found[point] = read_results(prepared, path.read_bytes())
    return found


def read_results(prepared: Prepared, content: bytes) -> Result:
    """The results that a file holds."""
    events = list(read_events(BytesIO(content)))
    outcomes = [
        read_outcome(call, event, payload)
        for call, (event, payload) in zip(prepared.calls, events, strict=True)
    ]
    return Result(prepared.function, prepared.point.size, prepared.point.hidden, outcomes)


def for_students(kept: bytes) -> bytes:
    """Kept evidence of a reference as it may be given out: values, sizes and counts."""
    shown = []
    for event, payload in read_events(BytesIO(kept)):
        parts, start = [], 0
        for size in event.get("parts", []):
            parts.append(payload[start : start + size])
            start += size
        for place in event.get("spark") or ():
            parts[place] = _counts(parts[place], str(event.get("id")))
        payload = b"".join(parts)
        event = {**event, "seconds": 0.0, "arrow_bytes": len(payload)}
        if parts:
            event["parts"] = [len(part) for part in parts]
        shown.append(json.dumps(event, sort_keys=True).encode() + b"\n" + payload)
    return b"".join(shown)


def _counts(log: bytes, mark: str) -> bytes:
    """Of an event log, what is counted: jobs and bytes of tasks. What is signed stays signed."""
    lines = []
    for line in log.splitlines():
        event = json.loads(line)
        kind = event["Event"]
        if kind in {"SparkListenerApplicationStart", "SparkListenerJobStart"}:
            lines.append({"Event": kind})
        elif event.get("executionId") == mark_of(mark):
            lines.append(event)
        elif kind == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            lines.append(_task(event))
    return b"".join(json.dumps(line, sort_keys=True).encode() + b"\n" for line in lines)


def _task(event: dict[str, Any]) -> dict[str, Any]:
    measured = event["Task Metrics"]
    counted: dict[str, Any] = {
        group: {name: measured[group][name] for name in names} for group, names in _COUNTED.items()
    }
    for name in ("Result Size", "Memory Bytes Spilled"):
        counted[name] = measured[name]
    return {
        "Event": event["Event"],
        "Stage ID": event["Stage ID"],
        "Task Info": {},
        "Task Metrics": counted,
    }
