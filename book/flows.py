"""Helpers of the page on Prefect: a server of its own, and what the server knows of a run."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
from look import BLUE, GREY, ORANGE, PAPER, WIDTH, set_up
from matplotlib import pyplot as plt

set_up()
_ends = contextlib.ExitStack()


def start_server() -> Path:
    """Start a server for this process, which ends with it; the folder that it may write to.

    It is `prefect server start` with a folder of its own, and nothing is told to anyone.
    """
    folder = Path(_ends.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/api"
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]
    os.environ |= {
        "PREFECT_HOME": str(folder / "home"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",  # failures are what the page is about
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", f"--port={port}"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _ends.callback(_stop, server)
    atexit.register(_ends.close)
    os.environ["PREFECT_API_URL"] = address
    _wait_for(f"{address}/health", server)
    return folder


def _wait_for(address: str, server: subprocess.Popen[bytes], within: float = 200) -> None:
    end = time.monotonic() + within
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError("Prefect's server did not answer")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _client() -> Any:
    from prefect.client.orchestration import get_client

    return get_client(sync_client=True)


def latest() -> Any:
    """The flow run that began last."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterStartTime
    from prefect.client.schemas.sorting import FlowRunSort

    begun = FlowRunFilter(start_time=FlowRunFilterStartTime(is_null_=False))
    with _client() as client:
        return client.read_flow_runs(
            flow_run_filter=begun, sort=FlowRunSort.START_TIME_DESC, limit=1
        )[0]


def task_runs(run: Any = None) -> list[Any]:
    """The task runs of a flow run, in the order in which they began, once all have ended."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    run = run or latest()
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
    end, before = time.monotonic() + 10, -1
    with _client() as client:
        while True:
            found = client.read_task_runs(flow_run_filter=wanted)
            ended = all(one.state and one.state.is_final() for one in found)
            if (ended and len(found) == before) or time.monotonic() > end:
                break
            before = len(found) if ended else -1
            time.sleep(0.2)
    return sorted(found, key=lambda one: one.start_time or one.expected_start_time)


def seen(run: Any = None) -> pd.DataFrame:
    """What the server knows of a run: the flow, and a row for each task run."""
    run = run or latest()
    rows = [("flow", run.state.name, run.run_count)]
    rows += [(_name(one), one.state.name, one.run_count) for one in task_runs(run)]
    return pd.DataFrame(rows, columns=["run of", "state", "attempts"]).set_index("run of")


def _name(run: Any) -> str:
    return str(run.task_key.rsplit("-", 1)[0].rsplit(".", 1)[-1])


def draw_states(run: Any = None) -> None:
    """The states of a run's tasks over time: when each ran, and when it waited to try again."""
    with _client() as client:
        lines = [(_name(one), client.read_task_run_states(one.id)) for one in task_runs(run)]
    start = min(state.timestamp for _, states in lines for state in states)
    _, axes = plt.subplots(figsize=(WIDTH, 0.7 + 0.6 * len(lines)), layout="constrained")
    looks = {"waits": (GREY, "//"), "fails": (ORANGE, ""), "runs": (BLUE, "")}
    labelled: set[str] = set()
    for place, (_, states) in enumerate(lines):
        states = sorted(states, key=lambda state: state.timestamp)
        for now, then in itertools.pairwise(states):
            kind = "waits" if now.name in ("Pending", "AwaitingRetry") else "runs"
            if kind == "runs" and then.name in ("AwaitingRetry", "Failed"):
                kind = "fails"
            left = (now.timestamp - start).total_seconds()
            width = max((then.timestamp - now.timestamp).total_seconds(), 0.012)
            colour, hatch = looks[kind]
            axes.barh(
                place, width, left=left, color=colour, hatch=hatch, edgecolor=PAPER,
                label=None if kind in labelled else kind,
            )  # fmt: skip
            labelled.add(kind)
    axes.set_yticks(range(len(lines)), [name for name, _ in lines])
    axes.invert_yaxis()
    axes.set_xlabel("seconds")
    axes.legend(loc="best", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    plt.show()


def fired(script: Path, runs: int, within: float = 200) -> list[Any]:
    """Run `script`, which serves a deployment, until `runs` of its runs have ended well.

    It is a process of its own, as on a server in a cellar, and it is ended afterwards.
    """
    process = subprocess.Popen(
        [sys.executable, script.name], cwd=script.parent, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + within
    try:
        while time.monotonic() < end:
            with _client() as client:
                found = [one for one in client.read_flow_runs(limit=200) if one.deployment_id]
            done = [one for one in found if one.state and one.state.is_completed()]
            if len(done) >= runs or process.poll() is not None:
                break
            time.sleep(0.5)
    finally:
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            with contextlib.suppress(psutil.Error):
                one.kill()
        process.wait()
    return sorted(done, key=lambda one: one.expected_start_time)
