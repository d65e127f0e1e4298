"""Call the learner's functions, each call in a forked process of its own.

A fork costs a few milliseconds, keeps one call's changes and crashes from the next, and gives
every call the same memory to start from. Where a fork is not safe (macOS, or code that
started threads, as Spark does), the call runs in this process.
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

from autograder.runner.arguments import fingerprint, read_argument
from autograder.runner.budget import Peak, lift_limit, limit_growth
from autograder.runner.cells import time_limit
from autograder.runner.errors import TimeLimit, describe_error
from autograder.runner.values import describe_value

Send = Callable[..., None]
Begin = Callable[[], None]
Work = Callable[[], tuple[dict[str, Any], bytes]]
GRACE_SECONDS = 2.0
LARGEST_EVIDENCE = 1 << 30


def perform(
    function: Any,
    arguments: list[Any],
    call: Mapping[str, Any],
    before: list[Any] | None = None,
) -> tuple[dict[str, Any], bytes]:
    """Call `function` under the call's budget and time limit; the evidence and its Arrow bytes.

    `before` are the arguments' fingerprints where they are known. Under a budget none are taken.
    """
    budget_mb = call.get("budget_mb")
    if before is None and not budget_mb:
        before = [fingerprint(argument) for argument in arguments]
    peak = Peak()
    evidence: dict[str, Any] = {}
    payload = b""
    value: Any = None
    peak.start()
    started = time.perf_counter()
    try:
        if budget_mb:
            limit_growth(budget_mb)
        with time_limit(call["seconds"]):
            value = function(*arguments)
        outcome = "returned"
    except TimeLimit as error:
        outcome, evidence["error"] = "time", describe_error(error)
    except MemoryError as error:  # ArrowMemoryError is one
        lift_limit()
        outcome, evidence["error"] = "memory", describe_error(error)
    except BaseException as error:
        lift_limit()
        outcome, evidence["error"] = "raised", describe_error(error)
        if budget_mb and _came_of_memory(error):
            outcome = "memory"
    evidence["seconds"] = round(time.perf_counter() - started, 4)
    evidence["peak_bytes"] = peak.read()
    if budget_mb:
        lift_limit()
    if outcome == "returned":
        try:
            evidence["value"], payload = describe_value(value)
        except MemoryError as error:
            outcome, evidence["error"] = "memory", describe_error(error)
        if before is not None:
            after = [fingerprint(argument) for argument in arguments]
            evidence["mutated"] = [i for i, same in enumerate(before) if same != after[i]]
    evidence["outcome"] = outcome
    return evidence, payload


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
        begin()
        evidence, payload = work()
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


def _wait(pid: int, seconds: float) -> int | None:
    """The wait status of `pid`, or None when it is still running after `seconds`."""
    end = time.monotonic() + seconds
    with contextlib.suppress(AttributeError, OSError):  # an older kernel: asked below until it ends
        handle = os.pidfd_open(pid)
        try:
            select.select([handle], [], [], seconds)
        finally:
            os.close(handle)
    pause = 0.001
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if time.monotonic() > end:
            return None
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)


def _forked(work: Work, call: Mapping[str, Any], begin: Begin) -> tuple[dict[str, Any], bytes]:
    """The evidence of `work`, which is done in a process of its own."""
    to = Path("evidence.bin").absolute()
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

    return "py4j" not in sys.modules and threading.active_count() == 1


def run_calls(names: Mapping[str, Any], calls: list[dict[str, Any]], send: Send) -> None:
    """Perform every call on the functions found in `names`; send an event before and after."""
    read: dict[str, Any] = {}
    fingerprints: dict[str, Any] = {}
    last_use = {
        json.dumps(spec, sort_keys=True): position
        for position, call in enumerate(calls)
        for spec in call["arguments"]
    }
    for position, call in enumerate(calls):

        def begin(call: dict[str, Any] = call) -> None:
            send({"event": "call", "id": call["id"]})

        function = names.get(call["function"])
        if not callable(function):
            begin()
            send({"event": "evidence", "id": call["id"], "outcome": "missing"})
            continue
        keys = [json.dumps(spec, sort_keys=True) for spec in call["arguments"]]
        for key, spec in zip(keys, call["arguments"], strict=True):
            if key not in read:
                read[key] = read_argument(spec)
        arguments = [read[key] for key in keys]
        if _may_fork():
            before = None
            if not call.get("budget_mb"):
                for key in keys:
                    if key not in fingerprints:
                        fingerprints[key] = fingerprint(read[key])
                before = [fingerprints[key] for key in keys]
            # The child says that it begins: whoever watches the memory from outside then counts
            # from what both processes hold, not from before the fork.
            work = partial(perform, function, arguments, call, before)
            evidence, payload = _forked(work, call, begin)
        else:
            begin()
            evidence, payload = perform(function, arguments, call)
            read.clear()  # the call may have changed them in place
        send({"event": "evidence", "id": call["id"], **evidence}, payload)
        read = {key: value for key, value in read.items() if last_use[key] > position}
