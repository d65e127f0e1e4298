"""How a flow ran: facts from what `run_flow` in `autograder/runner/flows.py` says of its runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.raised import AnswerLine, answer_lines, read_error


class BadFlowRecord(ValueError):
    """The value is not what `run_flow` returns."""


@dataclass(frozen=True)
class TaskRun:
    """One run of a task."""

    task: str  # the function's name
    run: str  # the run's own name
    state: str  # Prefect's type of state: "COMPLETED", "FAILED", "CRASHED", ...
    name: str  # the state's name, which says more: "Cached", "TimedOut", ...
    attempts: int
    states: tuple[str, ...]  # names of all states it went through
    start: float | None  # seconds since 1970
    end: float | None

    @property
    def cached(self) -> bool:
        return self.name == "Cached"

    @property
    def retries(self) -> int:
        """Attempts after the first."""
        return max(0, self.attempts - 1)


@dataclass(frozen=True)
class FlowRun:
    """One run of a flow."""

    state: str
    name: str
    parameters: dict[str, str]  # as text
    error: str  # "ValueError: text" of what made it fail, or ""
    lines: tuple[AnswerLine, ...]  # which led to the error: "line 3: text"
    artifacts: int
    tasks: tuple[TaskRun, ...]  # in the order in which they began

    def of(self, task: str) -> list[TaskRun]:
        """The runs of one task."""
        return [one for one in self.tasks if one.task == task]

    @property
    def cache_hits(self) -> int:
        return sum(one.cached for one in self.tasks)

    @property
    def order(self) -> list[str]:
        """The tasks' names in the order in which their runs began."""
        return [one.task for one in self.tasks]

    @property
    def overlap(self) -> int:
        """How many task runs were under way at once, at most."""
        moments = []
        for one in self.tasks:
            if one.start is not None and one.end is not None:
                moments += [(one.start, 1), (one.end, -1)]
        most = now = 0
        for _, change in sorted(moments):  # at one moment, ends come before beginnings
            now += change
            most = max(most, now)
        return most


def flow_runs(value: Any) -> list[FlowRun]:
    """The runs in a value of `run_flow`. Raises `BadFlowRecord`."""
    try:
        return [_flow_run(one) for one in value["runs"]]
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise BadFlowRecord("runs of a flow were expected") from problem


def _flow_run(one: Any) -> FlowRun:
    error = read_error(one["error"])
    return FlowRun(
        str(one["state"]),
        str(one["name"]),
        {str(k): str(v) for k, v in one["parameters"].items()},
        f"{error['type']}: {error['message']}" if error else "",
        answer_lines(error),
        int(one["artifacts"]),
        tuple(map(_task, one["tasks"])),
    )


def _task(one: Any) -> TaskRun:
    start, end = one["start"], one["end"]
    return TaskRun(
        str(one["task"]),
        str(one["run"]),
        str(one["state"]),
        str(one["name"]),
        int(one["attempts"]),
        tuple(map(str, one["states"])),
        None if start is None else float(start),
        None if end is None else float(end),
    )
