"""Read a request on stdin, run it, write evidence on stdout.

The request is one JSON object: {"cells": [...], "cell_seconds": s, "calls": [...]}. It may come
long after the start: what takes time, imports and what BESIDE names, is done before it is read.

Evidence is a stream of events, each a line of JSON and, where it says "arrow_bytes": n, n bytes
after it: tables as Arrow streams, then lines of Spark's event log; "parts" has the size of each.

    {"event": "cell", "name": ...}                 a cell of the notebook begins
    {"event": "cells", "failures": [...]}          all of them have run
    {"event": "call", "id": ...}                   a call begins
    {"event": "evidence", "id": ..., ...}          what came of it
    {"event": "end"}

Everything that the learner's code prints goes to a file, never into this stream.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from autograder.runner import BESIDE, STANDS_BY, prefect_server, spark


def send(stream: BinaryIO, event: dict[str, Any], payload: bytes = b"") -> None:
    """Write one event, and the bytes that belong to it."""
    line = json.dumps({**event, "arrow_bytes": len(payload)}, allow_nan=False)
    stream.write(line.encode() + b"\n" + payload)
    stream.flush()


def _end_when_abandoned() -> None:
    """End this process when nobody waits for it any more; Spark and Prefect end with it."""
    from autograder.runner.calls import LOOKS_EVERY, end_abandoned, is_abandoned

    while not is_abandoned():
        time.sleep(LOOKS_EVERY)
    end_abandoned()


def main() -> None:
    evidence = os.fdopen(os.dup(1), "wb")
    asked = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    printed = os.open("printed.txt", os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_APPEND, 0o600)
    os.dup2(printed, 1)
    os.dup2(printed, 2)

    beside = os.environ.pop(BESIDE, "").split()
    server = prefect_server.begin() if "prefect" in beside else None

    # Before any call: what a fork imports for itself would count as memory of its inputs.
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    from autograder.runner.calls import run_calls
    from autograder.runner.cells import new_shell, run_cells

    if "spark" in beside:
        # Before the cells, whose time is limited: a session takes seconds to start.
        spark.log_events(Path("spark-events").absolute())
        spark.keep_files_here()
        spark.hasten_workers()
        spark.session()
    if server:
        prefect_server.wait_for(server)
    if os.environ.pop(STANDS_BY, "") and not select.select([asked], [], [], 0)[0]:
        from autograder.runner.warm_up import run_once

        with contextlib.suppress(Exception):  # a call that meets the same will say it
            run_once(beside)
    request = json.load(asked)
    asked.close()
    if beside:  # calls are made in this process; elsewhere whoever waits for a fork looks itself
        threading.Thread(target=_end_when_abandoned, daemon=True).start()

    shell = new_shell()
    failures = run_cells(
        shell,
        request["cells"],
        request["cell_seconds"],
        lambda name: send(evidence, {"event": "cell", "name": name}),
    )
    send(evidence, {"event": "cells", "failures": failures})
    run_calls(shell.user_ns, request["calls"], lambda e, p=b"": send(evidence, e, p))
    send(evidence, {"event": "end"})
    evidence.flush()
    os._exit(0)  # threads and exit handlers of the learner's code have nothing more to say


if __name__ == "__main__":
    main()
