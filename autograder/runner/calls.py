"""Call the learner's functions, each call in a forked process of its own.

A fork costs a few milliseconds, keeps one call's changes and crashes from the next, and gives
every call the same memory to start from. Under a budget the call's inputs are read in the fork
too: what an earlier call's inputs left free in this process cannot be used by it. Where a fork is
not safe (macOS, or code that started threads, as Spark does), the call runs in this process.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from autograder.runner import spark
from autograder.runner.arguments import fingerprint, must_be_fresh, probe, read_argument
from autograder.runner.budget import Peak, leaving_no_holes, lift_limit, limit_growth, resident
from autograder.runner.cells import time_limit
from autograder.runner.errors import OursToMend, TimeLimit, describe_error
from autograder.runner.made_up_names import numbered
from autograder.runner.values import describe_value

Send = Callable[..., None]
Begin = Callable[[], None]
Evidence = tuple[dict[str, Any], bytes]
Work = Callable[[Begin], Evidence]
GRACE_SECONDS = 2.0
LARGEST_EVIDENCE = 1 << 30
LOOKS_EVERY = 1.0  # seconds between two looks whether somebody still waits for this run
_HERE = Path.cwd()  # before the learner's cells, which may go elsewhere
_ASKED_BY = os.getppid()
# Seconds for a call of an answer that was late once: it may be right on other inputs, but a class
# should not wait for the full time at each of them. A class runs late calls again.
AFTER_LATE = 5.0


def perform(
    function: Any,
    arguments: list[Any],
    call: Mapping[str, Any],
    before: list[Any] | None = None,
    *,
    record_spark: bool = True,
) -> Evidence:
    """Call `function` under the call's budget and time limit; the evidence and its Arrow bytes.

    `before` are the arguments' fingerprints where they are known. Under a budget none are taken.
    What a Spark that is running did is on record, unless it is said that nobody asks: it takes
    some hundredths of a second for each call.
    """
    budget_mb = call.get("budget_mb")
    if before is None and not budget_mb:
        before = [fingerprint(argument) for argument in arguments]
    peak = Peak()
    evidence: dict[str, Any] = {}
    streams: list[bytes] = []
    value: Any = None
    record = spark.Record() if record_spark and spark.is_started() else None
    peak.start()
    started = time.perf_counter()
    outcome = _within(call, evidence, lambda: function(*arguments))
    value = evidence.pop("value", None)
    evidence["seconds"] = round(time.perf_counter() - started, 4)
    evidence["peak_bytes"] = peak.read()
    if budget_mb:
        lift_limit()
    records = [record.added()] if record else []
    if outcome == "returned":
        # Here a lazy answer does its work, and that may fail as the call may.
        returned = time.perf_counter()
        outcome = _within({**call, "budget_mb": None}, evidence, lambda: _described(value, call))
        evidence["described_seconds"] = round(time.perf_counter() - returned, 4)
        if outcome == "returned":
            evidence["value"], streams = evidence["value"]
        if before is not None:
            after = [fingerprint(argument) for argument in arguments]
            evidence["mutated"] = [i for i, same in enumerate(before) if same != after[i]]
    if record:
        with contextlib.suppress(Exception):  # the JVM has ended: then no record is whole
            spark.sign(str(call.get("id")))
        records.append(record.added())
        evidence["spark"] = [len(streams), len(streams) + 1]
        spark.forget()
    evidence["outcome"] = outcome
    evidence["parts"] = [len(stream) for stream in streams + records]
    return evidence, b"".join(streams + records)


def _within(call: Mapping[str, Any], evidence: dict[str, Any], work: Callable[[], Any]) -> str:
    """The outcome of `work` under the call's limits; its value or error goes into `evidence`."""
    budget_mb = call.get("budget_mb")
    try:
        if budget_mb:
            limit_growth(budget_mb)
        with numbered(), time_limit(call["seconds"]):
            evidence["value"] = work()
        return "returned"
    except TimeLimit as error:
        evidence["error"] = describe_error(error)
        return "time"
    except OursToMend as error:
        evidence["error"] = describe_error(error)
        return "ours"
    except MemoryError as error:  # ArrowMemoryError is one
        lift_limit()
        evidence["error"] = describe_error(error)
        return "memory"
    except BaseException as error:
        lift_limit()
        evidence["error"] = describe_error(error)
        return "memory" if budget_mb and _came_of_memory(error) else "raised"


def _described(value: Any, call: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    then = call.get("then")
    if then:
        value = probe(then["by"])(value, *map(read_argument, then["arguments"]))
    return describe_value(value)


def _came_of_memory(error: BaseException | None) -> bool:
    """Whether a MemoryError stands behind `error`, which some libraries wrap in their own."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, MemoryError):
            return True
        text = str(error).lower()
        if "out of memory" in text or "unable to allocate" in text or "malloc of size" in text:
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def _in_child(work: Work, begin: Begin, to: Path) -> None:
    """The forked process: do the work, leave its evidence in the file `to`, and end."""
    status = 1
    try:
        evidence, payload = work(begin)
        part = to.with_suffix(".part")
        with open(part, "wb") as file:
            file.write(json.dumps(evidence).encode() + b"\n" + payload)
        os.replace(part, to)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def is_abandoned() -> bool:
    """Whether the process that asked for this run has ended: a kernel that was killed, say."""
    return os.getppid() != _ASKED_BY


def end_abandoned() -> None:
    """End this process, and all that was started in its session: nobody is there to be told."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def _wait(pid: int, seconds: float) -> int | None:
    """The wait status of `pid`; None when it still runs after `seconds`, or nobody waits for it."""
    end = time.monotonic() + seconds
    with contextlib.suppress(AttributeError, OSError):  # an older kernel: asked below until it ends
        handle = os.pidfd_open(pid)
        try:
            while (left := end - time.monotonic()) > 0 and not is_abandoned():
                if select.select([handle], [], [], min(left, LOOKS_EVERY))[0]:
                    break
        finally:
            os.close(handle)
    pause = 0.001
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if time.monotonic() > end or is_abandoned():
            return None
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)


def _forked(work: Work, call: Mapping[str, Any], begin: Begin) -> Evidence:
    """The evidence of `work`, which is done in a process of its own."""
    to = _HERE / "evidence.bin"
    with contextlib.suppress(FileNotFoundError):
        to.unlink()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        _in_child(work, begin, to)
    status = _wait(pid, call["seconds"] + GRACE_SECONDS)
    if status is None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        if is_abandoned():
            end_abandoned()
        return {"outcome": "time", "seconds": round(time.monotonic() - started, 3)}, b""
    if status != 0 or not to.exists():
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        # C++ code that cannot allocate aborts, and some of it crashes.
        fatal = {signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS}
        out_of_memory = number in fatal and call.get("budget_mb")
        return {
            "outcome": "memory" if out_of_memory else "killed",
            "signal": number,
            "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "seconds": round(time.monotonic() - started, 3),
        }, b""
    if to.stat().st_size > LARGEST_EVIDENCE:
        return {
            "outcome": "raised",
            "error": {
                "type": "TooLarge",
                "message": "the returned value is larger than 1 GiB",
                "lines": [],
            },
        }, b""
    line, _, payload = to.read_bytes().partition(b"\n")
    return json.loads(line), payload


def _may_fork() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    import threading

    beside = {"py4j", "prefect"} & set(sys.modules)
    return not beside and threading.active_count() == 1


def _read_there(
    function: Any, specs: list[dict[str, Any]], call: Mapping[str, Any], begin: Begin
) -> Evidence:
    """Read the inputs in this process, then call. For calls under a budget."""
    before = resident()
    try:
        with leaving_no_holes():
            arguments = [read_argument(spec) for spec in specs]
        read = resident() - before
    finally:
        # Whoever watches the memory from outside counts from here.
        begin()
    evidence, payload = perform(function, arguments, call)
    return {**evidence, "input_bytes": max(0, read)}, payload


def _read_before(
    function: Any, arguments: list[Any], call: Mapping[str, Any], before: list[Any], begin: Begin
) -> Evidence:
    begin()
    return perform(function, arguments, call, before)


class _Inputs:
    """What calls are given: read once where several need it, and no longer held than needed."""

    def __init__(self, calls: list[dict[str, Any]]) -> None:
        self._read: dict[str, Any] = {}
        self._fingerprints: dict[str, Any] = {}
        self._last_use = {
            _key(spec): position
            for position, call in enumerate(calls)
            for spec in call["arguments"]
        }

    def of(self, specs: list[dict[str, Any]]) -> list[Any]:
        return [self._one(spec) for spec in specs]

    def _one(self, spec: dict[str, Any]) -> Any:
        if must_be_fresh(spec):
            return read_argument(spec)
        key = _key(spec)
        if key not in self._read:
            self._read[key] = read_argument(spec)
        return self._read[key]

    def fingerprints(self, specs: list[dict[str, Any]], arguments: list[Any]) -> list[Any]:
        for spec, argument in zip(specs, arguments, strict=True):
            if _key(spec) not in self._fingerprints:
                self._fingerprints[_key(spec)] = fingerprint(argument)
        return [self._fingerprints[_key(spec)] for spec in specs]

    def drop_after(self, position: int) -> None:
        """Let go of what no call after the one at `position` needs."""
        self._read = {key: v for key, v in self._read.items() if self._last_use[key] > position}

    def forget(self) -> None:
        self._read.clear()


def _key(spec: dict[str, Any]) -> str:
    return json.dumps(spec, sort_keys=True)


def run_calls(names: Mapping[str, Any], calls: list[dict[str, Any]], send: Send) -> None:
    """Perform every call on the functions found in `names`; send an event before and after."""
    inputs = _Inputs(calls)
    late: set[str] = set()
    for position, call in enumerate(calls):
        if call["function"] in late:
            call = {**call, "seconds": min(call["seconds"], AFTER_LATE)}

        def begin(call: dict[str, Any] = call) -> None:
            send({"event": "call", "id": call["id"]})

        function = names.get(call["function"])
        if not callable(function):
            begin()
            send({"event": "evidence", "id": call["id"], "outcome": "missing"})
            continue
        specs = call["arguments"]
        if call.get("spark"):
            spark.session()
        if not _may_fork():
            arguments = inputs.of(specs)
            begin()
            evidence, payload = perform(function, arguments, call)
            inputs.forget()  # the call may have changed them in place
            if not spark.is_alive():
                os._exit(1)  # whoever watches sees that it was this call, and starts anew
        elif call.get("budget_mb"):
            evidence, payload = _forked(partial(_read_there, function, specs, call), call, begin)
        else:
            arguments = inputs.of(specs)
            before = inputs.fingerprints(specs, arguments)
            evidence, payload = _forked(
                partial(_read_before, function, arguments, call, before), call, begin
            )
        if evidence["outcome"] == "time":
            late.add(call["function"])
        send({"event": "evidence", "id": call["id"], **evidence}, payload)
        inputs.drop_after(position)
