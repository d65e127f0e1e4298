"""Flows that an answer returns, run against a real server inside the wall under injected faults."""

from __future__ import annotations

import copy
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import psutil
import pytest

from autograder.cases import Point, Prepared, self_check_points
from autograder.checking import Call, Exercise
from autograder.course import find_exercise
from autograder.evidence import NotJudged, Outcome, Result
from autograder.flow_record import BadFlowRecord, flow_runs
from autograder.grading import NotebookVerdict
from autograder.reference import expected_results
from autograder.starting import Standby
from autograder.supervise import Cell, run_answers
from autograder.verdict import judge
from autograder.wall import Wall, find_wall

Found = TypeVar("Found")

EXERCISE = Exercise("nowhere.answer", "An exercise of the tests", "none", 1, ("a", "b", "c"))
POINT = Point("case", "tiny", 1, hidden=False)

# What a chapter has in its probes stands here in a cell: a source that fails on cue.
PROBES = """
import sys, time, types
from autograder.runner.flows import run_flow

class Source:
    def __init__(self, fails):
        self.fails, self.calls = fails, 0
    def fetch(self):
        self.calls += 1
        if self.calls <= self.fails:
            raise ConnectionError('the till does not answer')
        return [1, 2, 3]

def runs(flow, source, many):
    return {'flow': run_flow(flow, [{} for _ in range(many)]), 'calls': source.calls}

made = []
def source(fails):
    made.append(Source(fails))
    return made[-1]

chapter = types.ModuleType('autograder.checks.nowhere.probes')
chapter.source = source
chapter.runs = lambda flow, many: runs(flow, made[-1], many)
for name in ('autograder.checks', 'autograder.checks.nowhere'):
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules['autograder.checks.nowhere.probes'] = chapter
"""
ANSWERS = """
from datetime import timedelta
from prefect import flow, task
from prefect.tasks import task_input_hash

def patient(source):
    @task(retries=3, retry_delay_seconds=0.05)
    def extract():
        return source.fetch()
    @task
    def add(numbers):
        return sum(numbers)
    @flow
    def daily():
        return add(extract())
    return daily

def hasty(source):
    @task
    def extract():
        return source.fetch()
    @flow
    def daily():
        return extract()
    return daily

def at_once(source):
    @task
    def wait(n):
        time.sleep(0.4)
        return n
    @flow
    def daily():
        return [one.result() for one in wait.map([1, 2, 3])]
    return daily

def kept(source):
    @task(cache_key_fn=lambda *a: 'same', persist_result=True)
    def extract():
        return source.fetch()
    @flow
    def daily():
        return extract()
    return daily

def apart(source):
    @task
    async def extract():
        return source.fetch()
    @flow
    async def daily():
        return await extract()
    return daily

def cut_off(source):
    @task
    def extract():
        import httpx
        raise httpx.ConnectError('no answer')
    @flow
    def daily():
        return extract()
    return daily

def own_threads(source):
    import threading
    @task
    def wait():
        time.sleep(0.6)
    @flow
    def daily():
        import contextvars
        known = contextvars.copy_context()
        threading.Thread(target=known.run, args=(wait,)).start()
        time.sleep(0.2)
    return daily

def plain(source):
    return lambda: source.fetch()

def asked(source):
    import httpx, os
    return httpx.get(os.environ['PREFECT_API_URL'] + '/admin/settings').json()
"""


def _case(function: str, fails: int, runs: int = 1) -> Prepared:
    number = {"kind": "plain", "value": fails, "shown": str(fails)}
    many = {"kind": "plain", "value": runs, "shown": str(runs)}
    source = {"kind": "made", "by": "nowhere.source", "arguments": [number], "shown": "source"}
    then = {"kind": "made", "by": "nowhere.runs", "arguments": [many], "shown": ""}
    return Prepared(
        POINT, function, (Call("source", seconds=60),), ((source,),), f"{fails}", False, True,
        (then,),
    )  # fmt: skip


CASES = {
    "patient": _case("patient", 2),
    "never": _case("patient_2", 9),
    "hasty": _case("hasty", 1),
    "at once": _case("at_once", 0),
    "kept": _case("kept", 0, runs=2),
    "apart": _case("apart", 0),
    "cut off": _case("cut_off", 0),
    "own threads": _case("own_threads", 0),
    "plain": _case("plain", 0),
    "asked": replace(_case("asked", 0), then=()),
}


@pytest.fixture(scope="module")
def results(wall: Wall) -> dict[str, Result]:
    cells = [Cell("probes", PROBES), Cell("answers", ANSWERS + "\npatient_2 = patient\n")]
    run = run_answers(cells, [(EXERCISE, one) for one in CASES.values()], wall)
    assert run.cell_failures == {} and run.runs == 1
    return {name: run.results[EXERCISE.id, one.function, POINT] for name, one in CASES.items()}


def test_retries_are_counted(results: dict[str, Result]) -> None:
    (run,) = results["patient"].flows
    assert run.state == "COMPLETED"
    (extract,), (add,) = run.of("extract"), run.of("add")
    assert extract.retries == 2 and "Retrying" in extract.states
    assert add.attempts == 1
    assert run.order == ["extract", "add"]
    assert (run.error, run.lines) == ("", ())
    assert results["patient"].value["calls"] == 3


def test_a_source_that_never_answers_fails_the_run(results: dict[str, Result]) -> None:
    (run,) = results["never"].flows
    assert run.state == "FAILED"
    assert run.of("extract")[0].retries == 3
    assert results["never"].value["calls"] == 4
    assert run.error == "ConnectionError: the till does not answer"
    flow, task, *_ = run.lines
    assert flow.endswith(": return add(extract())") and task.endswith(": return source.fetch()")


def test_without_retries_the_first_failure_is_the_last(results: dict[str, Result]) -> None:
    (run,) = results["hasty"].flows
    assert (run.state, run.of("extract")[0].attempts) == ("FAILED", 1)


def test_tasks_that_ran_at_once_overlap(results: dict[str, Result]) -> None:
    assert results["at once"].flows[0].overlap == 3
    assert results["patient"].flows[0].overlap == 1


def test_a_cached_task_is_told_from_one_that_ran(results: dict[str, Result]) -> None:
    first, second = results["kept"].flows
    assert (first.cache_hits, second.cache_hits) == (0, 1)
    assert results["kept"].value["calls"] == 1


def test_an_asynchronous_flow_is_awaited(results: dict[str, Result]) -> None:
    (run,) = results["apart"].flows
    assert (run.state, run.order) == ("COMPLETED", ["extract"])


def test_a_kept_result_is_no_artifact(results: dict[str, Result]) -> None:
    assert [run.artifacts for run in results["kept"].flows] == [0, 0]


def test_a_task_that_outlives_its_flow_is_waited_for(results: dict[str, Result]) -> None:
    (run,) = results["own threads"].flows
    assert [(one.task, one.state) for one in run.tasks] == [("wait", "COMPLETED")]


def test_a_server_that_fails_is_no_fault_of_the_answer(results: dict[str, Result]) -> None:
    outcome = results["cut off"].outcomes[0]
    assert outcome.outcome == "ours"
    with pytest.raises(NotJudged, match="ConnectError: no answer"):
        assert results["cut off"].value


def test_a_fault_of_ours_costs_no_point() -> None:
    one = find_exercise("workflows.make_flow")
    expected = expected_results(one, self_check_points(one))
    spoiled = {
        point: Result(
            there.function,
            there.size,
            there.hidden,
            [Outcome(o.call, "ours", error={"message": "no answer"}) for o in there.outcomes],
        )
        for point, there in expected.items()
    }
    verdict = judge(one, spoiled, expected, wrong_results=lambda point: {})
    assert verdict.state == "error"
    assert verdict.finding is not None and verdict.finding.misconception == ""
    assert NotebookVerdict("graded", [verdict]).points_of("make_flow") is None


def test_of_a_flow_that_failed_on_hidden_data_only_the_answers_lines_are_shown() -> None:
    one = find_exercise("workflows.make_flow")
    expected = expected_results(one, self_check_points(one))
    lines = [
        {"function": "load", "number": 9, "line": "return sink.write(rows)"},
        {"function": "load", "number": 10, "line": "Berlin"},  # which is not in the answer
    ]
    error = {"type": "KeyError", "message": "'Berlin'", "lines": lines}
    source = "def make_flow(source):\n    return sink.write(rows)\n"
    shown = []
    for hidden in (False, True):
        failed = {}
        for point, there in expected.items():
            outcomes = copy.deepcopy(there.outcomes)
            for outcome in outcomes:
                for run in outcome.value["flow"]["runs"]:
                    run |= {"state": "FAILED", "name": "Failed", "error": error}
            same = Result(there.function, there.size, hidden, outcomes)
            failed[replace(point, hidden=hidden)] = same
        known = {replace(point, hidden=hidden): there for point, there in expected.items()}
        verdict = judge(one, failed, known, source=source, wrong_results=lambda point: {})
        assert verdict.finding is not None
        shown.append(verdict.finding.details)
    ran, *raised = shown[0]
    assert ran.startswith("flow FAILED; tasks: ")
    assert raised == ["KeyError: 'Berlin'", "line 9: return sink.write(rows)", "line 10: Berlin"]
    assert shown[1] == ("line 9: return sink.write(rows)",)


def test_what_is_no_flow_is_named(results: dict[str, Result]) -> None:
    outcome = results["plain"].outcomes[0]
    assert outcome.outcome == "raised"
    assert "a flow was expected, and function came back" in outcome.error["message"]


def test_nobody_but_the_run_writes_to_its_servers_database(results: dict[str, Result]) -> None:
    """SQLite may refuse one of two writers, and the client asks again only after seconds."""
    services = results["asked"].value["server"]["services"]
    writers = ("event_persister", "task_run_recorder", "triggers")
    assert {one: services[one]["enabled"] for one in writers} == dict.fromkeys(writers, False)


def test_the_server_ends_with_its_run() -> None:
    with Standby(find_wall(trusting=True), frozenset({"prefect"})) as standby:
        assert standby._jailed is not None
        run = psutil.Process(standby._jailed.process.pid)
        server = _soon(lambda: next(iter(run.children()), None))
        assert server is not None and server.is_running()
        run.kill()  # as a kernel that ends at once would leave it
        assert _soon(lambda: not server.is_running())


def test_getting_warm_works_and_leaves_nothing_behind() -> None:
    """A runner that stands by does each thing once. It would not say if that failed."""
    cell = """
    from autograder.runner import warm_up
    from prefect.client.orchestration import get_client

    warm_up.run_once({"prefect", "spark"})
    with get_client(sync_client=True) as client:
        assert len(client.read_flow_runs()) == 1  # with which the database was made
    """
    trusting = find_wall(trusting=True)
    needs = frozenset({"prefect", "spark"})
    call = Prepared(POINT, "warm", (Call(),), ((),), spark=True, prefect=True)
    cells = [Cell("a", textwrap.dedent(cell)), Cell("b", "def warm(): return warm_in_time")]
    looks = "import sys; warm_in_time = 'autograder.runner.warm_up' in sys.modules"
    with Standby(trusting, needs) as standby:
        assert standby._jailed is not None
        waiting = psutil.Process(standby._jailed.process.pid)
        assert _soon(lambda: _spends(waiting, during=2.0) < 0.1)
        run = run_answers(
            [Cell("first", looks), *cells], [(EXERCISE, call)], trusting, standby=standby
        )
    assert run.cell_failures == {}
    assert run.results[EXERCISE.id, "warm", POINT].value is True


def _spends(process: psutil.Process, during: float) -> float:
    """Seconds of a processor that it and what it started take in the next `during` seconds."""
    before = {one.pid: sum(one.cpu_times()[:2]) for one in _with_children(process)}
    time.sleep(during)
    after = {one.pid: sum(one.cpu_times()[:2]) for one in _with_children(process)}
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def _with_children(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _soon(found: Callable[[], Found], seconds: float = 60) -> Found:
    """What `found` finds, as soon as it is something."""
    end = time.monotonic() + seconds
    while not (one := found()) and time.monotonic() < end:
        time.sleep(0.1)
    return one


FORGED = {"state": "FAILED", "name": "", "parameters": {}, "artifacts": 0, "tasks": []}


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"runs": 3},
        {"runs": [{"state": "FAILED"}]},
        {"runs": [FORGED]},
    ],
)
def test_a_record_of_another_form_is_refused(value: object) -> None:
    with pytest.raises(BadFlowRecord):
        flow_runs(value)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("TypeError", ("", [])),
        ({"type": 5, "message": "\x1b[8m", "lines": "none"}, ("5: \ufffd[8m", [])),
        ({"lines": ["none", {"number": "x"}] * 9}, (": ", ["line None: "] * 5)),
    ],
)
def test_an_error_of_another_form_is_read_as_far_as_it_goes(
    error: object, told: tuple[str, list[str]]
) -> None:
    (run,) = flow_runs({"runs": [{**FORGED, "error": error}]})
    assert (run.error, list(run.lines)) == told
