"""The chapter's reference flows against a server of their own, read back through its API."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.assignments import reference_source, setup_source
from autograder.course import exercise
from autograder.machine import prefect

CHAPTER = "workflows"
DAY = "2025-03-01"
ORDERS = [{"order_id": 1, "city": "Graz", "amount_cents": 5}]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API of a server that `prefect server start` has started."""
    home = tmp_path_factory.mktemp("prefect")
    with pytest.MonkeyPatch.context() as patch, prefect.server(home) as found:
        for name, text in prefect.settings(str(home)).items():
            patch.setenv(name, text)
        patch.setenv("PREFECT_API_URL", found)
        yield found


Run = Callable[..., dict[str, Any]]
PROGRAM = """
import json, sys
from autograder.checks.workflows import probes
{setup}
{answer}
{scene}
print("told:" + json.dumps(told))
"""


@pytest.fixture(scope="module")
def run(address: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run an exercise's reference in a process of its own: what its probe tells."""
    folder = tmp_path_factory.mktemp("runs")

    def in_a_process(name: str, scene: str) -> dict[str, Any]:
        import json

        answer = reference_source(exercise(CHAPTER, name))
        setup = setup_source(CHAPTER)
        program = PROGRAM.format(setup=setup, answer=answer, scene=scene)
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=folder, env=dict(os.environ), capture_output=True, text=True, timeout=240,
        )  # fmt: skip
        (line,) = [one for one in done.stdout.splitlines() if one.startswith("told:")] or [""]
        assert line, done.stderr[-2000:]
        told: dict[str, Any] = json.loads(line.removeprefix("told:"))
        return told

    return in_a_process


def test_the_three_tasks_are_seen(run: Run) -> None:
    scene = (
        f"flow = make_flow(probes.source({{'{DAY}': {ORDERS}}}), probes.sink())\n"
        f"told = probes.runs(flow, [{{'day': '{DAY}'}}])"
    )
    told = run("make_flow", scene)
    (one,) = told["flow"]["runs"]
    assert one["state"] == "COMPLETED"
    assert [task["task"] for task in one["tasks"]] == ["extract", "transform", "load"]
    assert told["written"] == [[DAY, {"Graz": 5}]]


ASK_THE_SERVER = """
import time
from prefect.client.orchestration import get_client

tasks = told["flow"]["runs"][0]["tasks"]
wanted = sorted((t["run"], t["name"], t["attempts"], t["states"]) for t in tasks)
end = time.monotonic() + 100
with get_client(sync_client=True) as client:
    while time.monotonic() < end:
        found = []
        for run in client.read_task_runs():
            states = sorted(client.read_task_run_states(run.id), key=lambda one: one.timestamp)
            found.append((run.name, run.state.name, run.run_count, [one.name for one in states]))
        if all(one in found for one in wanted):
            break
        time.sleep(0.2)
told["server"] = [one for one in sorted(found) if one[0] in {name for name, *_ in wanted}]
told["wanted"] = wanted
"""


def test_the_server_keeps_the_states_that_are_judged(run: Run) -> None:
    scene = (
        f"flow = patient(probes.source({{'{DAY}': {ORDERS}}}, 2), probes.sink(), 0.05)\n"
        "told = probes.runs(flow, [{}])\n" + ASK_THE_SERVER
    )
    told = run("patient", scene)
    (one,) = told["flow"]["runs"]
    attempts = {task["task"]: task["attempts"] for task in one["tasks"]}
    assert attempts == {"announce": 1, "extract": 3, "load": 1}
    assert one["tasks"][1]["states"].count("Retrying") == 2
    assert told["server"] == told["wanted"]


def test_a_missing_option_is_green_with_an_artifact(run: Run) -> None:
    scene = (
        f"flow = morning_report(probes.desk({ORDERS}, [], ['reviews']), probes.sink())\n"
        "told = probes.runs(flow, [{}])"
    )
    (one,) = run("morning_report", scene)["flow"]["runs"]
    assert (one["state"], one["artifacts"]) == ("COMPLETED", 1)
    assert "FAILED" in {task["state"] for task in one["tasks"]}


def test_a_later_run_finds_the_kept_result(run: Run) -> None:
    scene = (
        f"flow = cached(probes.till({{'{DAY}': [{ORDERS}]}}), probes.sink())\n"
        f"told = probes.visits(flow, [{{'day': '{DAY}'}}] * 2)"
    )
    told = run("cached", scene)
    assert told["calls"] == [1, 0]
    assert [task["name"] for task in told["flow"]["runs"][1]["tasks"]] == ["Cached", "Completed"]


SERVED = """
from prefect import flow, task

@task
def report(shop):
    return shop

@flow
def nightly(shop: str):
    return report(shop)

if __name__ == "__main__":
    nightly.serve(name="often", interval=5, limit=1, parameters={"shop": "Graz"})
"""


def test_a_served_schedule_fires(address: str, tmp_path: Path) -> None:
    """Nobody starts the run: the server has it written down, and a process takes it when due."""
    import psutil

    (tmp_path / "nightly.py").write_text(SERVED)
    environment = {**os.environ, "PREFECT_RUNNER_POLL_FREQUENCY": "1", "TMPDIR": str(tmp_path)}
    begun = datetime.datetime.now(datetime.UTC)
    with open(tmp_path / "log.txt", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "nightly.py"], cwd=tmp_path, env=environment, stdout=log, stderr=log
        )
    try:
        done = _completed(address, begun, process)
    finally:
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            one.kill()
        process.wait()
    assert done, (tmp_path / "log.txt").read_text()[-2000:]
    assert done[0]["auto_scheduled"] and done[0]["parameters"] == {"shop": "Graz"}
    assert done[0]["state_type"] == "COMPLETED"


def _completed(
    address: str, since: datetime.datetime, process: subprocess.Popen[bytes]
) -> list[dict[str, Any]]:
    """The scheduled runs that have ended well, as the server's API tells of them."""
    import httpx

    wanted = {
        "flow_runs": {
            "start_time": {"after_": since.isoformat()},
            "state": {"type": {"any_": ["COMPLETED"]}},
        }
    }
    end = time.monotonic() + 240
    while time.monotonic() < end and process.poll() is None:
        answer = httpx.post(f"{address}/flow_runs/filter", json=wanted, timeout=120).json()
        found = [one for one in answer if one["deployment_id"]]
        if found:
            return found
        time.sleep(0.5)
    return []
