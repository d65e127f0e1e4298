"""Prefect in a run: its server, and what became of a flow that an answer returned."""

from __future__ import annotations

import asyncio
import inspect
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

SETTLED_WITHIN = 30.0  # seconds; the server learns of a task's end a moment after the flow's
TEMPLATE = "BEYOND_PANDAS_PREFECT"  # names a server's database that has all its tables


def start_server() -> None:
    """Start this process's own server, on the loopback, with an empty database."""
    home = Path(os.environ["PREFECT_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    template = os.environ.pop(TEMPLATE, "")
    if template:
        shutil.copyfile(template, home / "prefect.db")
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        client.hello()


def run_flow(
    flow: Any,
    runs: Sequence[Mapping[str, Any]],
    after: Callable[[int], None] = lambda number: None,
) -> dict[str, Any]:
    """Run `flow` once with each set of parameters; what the server then knows of the runs.

    Args:
        flow: the flow, synchronous or not.
        runs: the parameters of each run.
        after: called with a run's number once it has ended: to look at what it left, or to set
            the scene for the next.

    Returns:
        {"flow": name, "parameters": {name: type}, "runs": [...]}. A run is {"state": "COMPLETED",
        "name": "Completed", "parameters": {...}, "error": type's name or "", "artifacts": n,
        "tasks": [...]}; a task is {"task": function's name, "run": name, "state": "FAILED",
        "name": "TimedOut", "attempts": n, "states": [names], "start": s, "end": s} with seconds
        since 1970, or None. Artifacts are those that the flow made, without kept results.

    Raises:
        TypeError: `flow` is not a flow.
    """
    from prefect import Flow
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    if not isinstance(flow, Flow):
        raise TypeError(f"a flow was expected, and {type(flow).__name__} came back")
    schema = flow.parameters.model_dump()["properties"]
    types = {name: str(one.get("type") or one.get("format") or "") for name, one in schema.items()}
    ran = []
    # The thread of the heartbeat ends a second late, and every run waits for it.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        known = set(_flow_runs())
        for number, parameters in enumerate(runs):
            error = _run_once(flow, dict(parameters))
            now = _flow_runs()
            ran.append((error, {id: now[id] for id in now if id not in known}))
            known |= set(now)
            after(number)
        return {"flow": flow.name, "parameters": types, "runs": _described_runs(ran)}


def _run_once(flow: Any, parameters: dict[str, Any]) -> str:
    """Run a flow; the type of an error that came out of it, or ""."""
    try:
        came = flow(**parameters, return_state=True)
        if inspect.isawaitable(came):
            asyncio.run(_awaited(came))
    except Exception as raised:  # a flow of the learner's may raise what it likes
        return type(raised).__name__
    return ""


async def _awaited(one: Any) -> Any:
    return await one


def _described_runs(ran: list[tuple[str, dict[Any, Any]]]) -> list[dict[str, Any]]:
    """The runs as `run_flow` returns them, once the server knows of the end of all their tasks."""
    tasks = _settled_tasks([id for _, new in ran for id in new])
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
                "tasks": [one for id, one in tasks if id in new],
            }
        )
    return described


def _client() -> Any:
    from prefect.client.orchestration import get_client

    return get_client(sync_client=True)


def _flow_runs() -> dict[Any, Any]:
    """The latest flow runs, by id."""
    from prefect.client.schemas.sorting import FlowRunSort

    with _client() as client:
        latest = client.read_flow_runs(sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=200)
        return {run.id: run for run in latest}


def _of(runs: list[Any]) -> Any:
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    return FlowRunFilter(id=FlowRunFilterId(any_=runs))


def _artifacts(runs: list[Any]) -> list[Any]:
    """For each artifact that the runs made, the run's id."""
    if not runs:
        return []
    with _client() as client:
        found = client.read_artifacts(flow_run_filter=_of(runs), limit=200)
    return [one.flow_run_id for one in found if one.type != "result"]


def _settled_tasks(runs: list[Any]) -> list[tuple[Any, dict[str, Any]]]:
    """The task runs of `runs`, each with its flow run's id, once all of them have ended and none
    is added any more."""
    if not runs:
        return []
    end = time.monotonic() + SETTLED_WITHIN
    before = -1
    with _client() as client:
        mark = _wait_for_a_mark(client, end)
        while True:
            found = client.read_task_runs(flow_run_filter=_of(runs), limit=200)
            # The thread that sends may say of the mark that it belongs to a flow run.
            found = [one for one in found if one.id != mark]
            ended = all(one.state is not None and one.state.is_final() for one in found)
            if (ended and len(found) == before) or time.monotonic() > end:
                break
            before = len(found) if ended else -1
            time.sleep(0.15)
        return [(one.flow_run_id, _described(client, one)) for one in sorted(found, key=_began)]


def _wait_for_a_mark(client: Any, end: float) -> Any:
    """Run one more task, and wait until the server knows of its end; its run's id.

    The server learns of task runs from messages that it takes in their order, a moment later. A
    task run of which it knows nothing yet cannot be asked for.
    """
    from prefect import Task
    from prefect.exceptions import ObjectNotFound

    state = Task(_mark, persist_result=False)(return_state=True)
    id = state.state_details.task_run_id
    while time.monotonic() < end:
        try:
            mark = client.read_task_run(id)
            if mark.state is not None and mark.state.is_final():
                break
        except ObjectNotFound:
            pass
        time.sleep(0.05)
    return id


def _mark() -> None:
    """Nothing: that it ran is what it says."""


def _began(run: Any) -> float:
    moment = run.start_time or run.expected_start_time
    return float(moment.timestamp()) if moment else 0.0


def _described(client: Any, run: Any) -> dict[str, Any]:
    states = client.read_task_run_states(run.id)
    return {
        "task": run.task_key.rsplit("-", 1)[0].rsplit(".", 1)[-1],
        "run": run.name,
        "state": str(run.state.type.value) if run.state else "",
        "name": str(run.state.name) if run.state else "",
        "attempts": int(run.run_count),
        "states": [state.name for state in sorted(states, key=lambda one: one.timestamp)],
        "start": run.start_time.timestamp() if run.start_time else None,
        "end": run.end_time.timestamp() if run.end_time else None,
    }
