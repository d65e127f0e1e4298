"""What became of a flow that an answer returned."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from autograder.runner.errors import OursToMend, describe_error

ENDED_WITHIN = 5.0  # seconds; for tasks on threads of the learner's own that outlive their flow


def run_flow(
    flow: Any,
    runs: Sequence[Mapping[str, Any]],
    after: Callable[[int], None] = lambda number: None,
) -> dict[str, Any]:
    """Run `flow` once with each set of parameters; what became of the runs.

    Of flow runs and artifacts the server is asked, which knows of them before they go on. Of task
    runs it learns later, from messages, and on a busy machine much later; so the states of tasks
    are written down here, as the engine announces them.

    Args:
        flow: the flow, synchronous or not.
        runs: the parameters of each run.
        after: called with a run's number once it has ended: to look at what it left, or to set
            the scene for the next.

    Returns:
        {"flow": name, "parameters": {name: type}, "runs": [...]}. A run is {"state": "COMPLETED",
        "name": "Completed", "parameters": {...}, "error": {...}, "artifacts": n, "tasks": [...]};
        its error is what made it fail, as `describe_error` says it, or {}. A task is {"task":
        function's name, "run": name, "state": "FAILED", "name": "TimedOut", "attempts": n,
        "states": [names], "start": s, "end": s} with seconds since 1970, or None. Artifacts are
        those that the flow made, without kept results.

    Raises:
        TypeError: `flow` is not a flow.
        OursToMend: the server did not do its part, which says nothing of the flow.
    """
    from prefect import Flow
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    if not isinstance(flow, Flow):
        raise TypeError(f"a flow was expected, and {type(flow).__name__} came back")
    schema = flow.parameters.model_dump()["properties"]
    types = {name: str(one.get("type") or one.get("format") or "") for name, one in schema.items()}
    ran = []
    # The thread of the heartbeat ends a second late, and every run waits for it.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}), _watched_tasks() as tasks:
        known = set(_flow_runs())
        for number, parameters in enumerate(runs):
            error = _run_once(flow, dict(parameters))
            now = _flow_runs()
            ran.append((error, {id: now[id] for id in now if id not in known}))
            known |= set(now)
            after(number)
        tasks.wait()
        return {
            "flow": flow.name,
            "parameters": types,
            "runs": _described_runs(ran, tasks.by_flow_run()),
        }


def _run_once(flow: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """Run a flow; the error that came out of it or ended it, described, or {}."""
    try:
        came = flow(**parameters, return_state=True)
        if inspect.isawaitable(came):
            came = asyncio.run(_awaited(came))
    except Exception as raised:  # a flow of the learner's may raise what it likes
        problem: Any = raised
    else:
        kept = getattr(came, "data", None)
        problem = getattr(kept, "result", kept)
    if not isinstance(problem, BaseException):
        return {}
    _refuse_the_servers(problem)
    return describe_error(problem)


def _refuse_the_servers(problem: BaseException) -> None:
    """Raise `OursToMend` where it is the server that failed."""
    from httpx import HTTPStatusError, TransportError

    refused = isinstance(problem, HTTPStatusError) and problem.response.status_code >= 500
    if refused or isinstance(problem, TransportError):
        raise OursToMend(f"Prefect's server failed: {type(problem).__name__}: {problem}")


async def _awaited(one: Any) -> Any:
    return await one


def _described_runs(
    ran: list[tuple[dict[str, Any], dict[Any, Any]]], tasks: Mapping[Any, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """The runs as `run_flow` returns them."""
    made = _artifacts([id for _, new in ran for id in new])
    described = []
    for error, new in ran:
        # Sub-flows have a parent task run; the run that was asked for has none.
        own = [run for run in new.values() if run.parent_task_run_id is None]
        first = own[0] if own else None
        described.append(
            {
                "state": str(first.state.type.value) if first and first.state else "",
                "name": str(first.state.name) if first and first.state else "",
                "parameters": {k: repr(v) for k, v in first.parameters.items()} if first else {},
                "error": error,
                "flow_runs": len(new),
                "artifacts": sum(made.count(id) for id in new),
                "tasks": [one for id in new for one in tasks.get(id, ())],
            }
        )
    return described


@contextmanager
def _asking() -> Iterator[Any]:
    """A client for a question of our own. Whatever goes wrong with it is ours."""
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            yield client
    except Exception as problem:
        said = f"{type(problem).__name__}: {problem}"
        raise OursToMend(f"Prefect's server did not answer: {said}") from problem


def _flow_runs() -> dict[Any, Any]:
    """The latest flow runs, by id."""
    from prefect.client.schemas.sorting import FlowRunSort

    with _asking() as client:
        latest = client.read_flow_runs(sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=200)
        return {run.id: run for run in latest}


def _artifacts(runs: list[Any]) -> list[Any]:
    """For each artifact that the runs made, the run's id."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    if not runs:
        return []
    with _asking() as client:
        theirs = FlowRunFilter(id=FlowRunFilterId(any_=runs))
        found = client.read_artifacts(flow_run_filter=theirs, limit=200)
    return [one.flow_run_id for one in found if one.type != "result"]


class _Tasks:
    """The task runs of which the engine has said something, and what it said last."""

    def __init__(self) -> None:
        self._line = threading.Condition()
        self._runs: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._began: dict[tuple[Any, ...], Any] = {}
        self._under_way: set[tuple[Any, ...]] = set()

    def note(self, run: Any, state: Any) -> None:
        """A run's new state."""
        key = (run.flow_run_id, run.task_key, run.dynamic_key)
        with self._line:
            states = self._runs.get(key, {}).get("states", [])
            self._runs[key] = {
                "task": run.task_key.rsplit("-", 1)[0].rsplit(".", 1)[-1],
                "run": run.name,
                "state": str(state.type.value),
                "name": str(state.name),
                "attempts": int(run.run_count),
                "states": [*states, str(state.name)],
                "start": run.start_time.timestamp() if run.start_time else None,
                "end": run.end_time.timestamp() if run.end_time else None,
            }
            self._began[key] = run.start_time or run.expected_start_time or state.timestamp
            (self._under_way.discard if state.is_final() else self._under_way.add)(key)
            self._line.notify_all()

    def wait(self) -> None:
        """Until all have ended, but not for ever."""
        with self._line:
            self._line.wait_for(lambda: not self._under_way, ENDED_WITHIN)

    def by_flow_run(self) -> dict[Any, list[dict[str, Any]]]:
        """The task runs of each flow run, in the order in which they began."""
        found: dict[Any, list[dict[str, Any]]] = {}
        with self._line:
            for key in sorted(self._runs, key=self._began.__getitem__):
                found.setdefault(key[0], []).append(self._runs[key])
        return found


@contextmanager
def _watched_tasks() -> Iterator[_Tasks]:
    """Meanwhile each change of a task run's state is written down."""
    from prefect import task_engine

    engine: Any = task_engine
    tasks = _Tasks()
    announce = engine.emit_task_run_state_change_event

    def written_down(*given: Any, **named: Any) -> Any:
        said = inspect.signature(announce).bind(*given, **named).arguments
        tasks.note(said["task_run"], said["validated_state"])
        return announce(*given, **named)

    engine.emit_task_run_state_change_event = written_down
    try:
        yield tasks
    finally:
        engine.emit_task_run_state_change_event = announce
