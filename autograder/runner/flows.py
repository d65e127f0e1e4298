"""Prefect in a run: its server, and what became of a flow that an answer returned."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SETTLED_WITHIN = 10.0  # seconds; the server learns of a task's end a moment after the flow's
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


def run_flow(flow: Any, runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Run `flow` once with each set of parameters; what the server then knows of the runs.

    Returns:
        {"flow": name, "parameters": {name: type}, "runs": [...]}. A run is {"state": "COMPLETED",
        "name": "Completed", "parameters": {...}, "error": type's name or "", "artifacts": n,
        "tasks": [...]}; a task is {"task": function's name, "run": name, "state": "FAILED",
        "name": "TimedOut", "attempts": n, "states": [names], "start": s, "end": s} with seconds
        since 1970, or None.

    Raises:
        TypeError: `flow` is not a flow.
    """
    from prefect import Flow

    if not isinstance(flow, Flow):
        raise TypeError(f"a flow was expected, and {type(flow).__name__} came back")
    schema = flow.parameters.model_dump()["properties"]
    types = {name: str(one.get("type") or one.get("format") or "") for name, one in schema.items()}
    return {
        "flow": flow.name,
        "parameters": types,
        "runs": [_one_run(flow, dict(parameters)) for parameters in runs],
    }


def _one_run(flow: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    known = set(_flow_runs())
    error = ""
    try:
        flow(**parameters, return_state=True)
    except Exception as raised:  # a flow of the learner's may raise what it likes
        error = type(raised).__name__
    new = [run for id, run in _flow_runs().items() if id not in known]
    # Sub-flows have a parent task run; the run that was asked for has none.
    own = [run for run in new if run.parent_task_run_id is None]
    tasks = _settled_tasks({run.id for run in new})
    first = own[0] if own else None
    return {
        "state": str(first.state.type.value) if first and first.state else "",
        "name": str(first.state.name) if first and first.state else "",
        "parameters": {k: repr(v) for k, v in first.parameters.items()} if first else {},
        "error": error,
        "flow_runs": len(new),
        "artifacts": _artifacts({run.id for run in new}),
        "tasks": tasks,
    }


def _client() -> Any:
    from prefect.client.orchestration import get_client

    return get_client(sync_client=True)


def _flow_runs() -> dict[Any, Any]:
    with _client() as client:
        return {run.id: run for run in client.read_flow_runs(limit=200)}


def _artifacts(runs: set[Any]) -> int:
    with _client() as client:
        return sum(1 for one in client.read_artifacts(limit=200) if one.flow_run_id in runs)


def _settled_tasks(runs: set[Any]) -> list[dict[str, Any]]:
    """The task runs of `runs`, once all of them have ended and none is added any more."""
    end = time.monotonic() + SETTLED_WITHIN
    before = -1
    with _client() as client:
        while True:
            found = [one for one in client.read_task_runs(limit=200) if one.flow_run_id in runs]
            ended = all(one.state is not None and one.state.is_final() for one in found)
            if (ended and len(found) == before) or time.monotonic() > end:
                break
            before = len(found) if ended else -1
            time.sleep(0.15)
        return [_described(client, one) for one in sorted(found, key=_began)]


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
