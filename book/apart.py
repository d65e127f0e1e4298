"""Runs a Spark program in a process of its own, for what a page's own session cannot show."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil

from autograder.machine.spark import environment

# What a program begins with: a session, and a folder for what it wants to note.
BEGIN = """
import json, os, sys, time
from pathlib import Path
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
sc = spark.sparkContext
told = {}
"""
END = """
Path("told.json").write_text(json.dumps(told))
spark.stop()
"""


def run_apart(program: str, seconds: float = 600, **settings: str) -> dict[str, Any]:
    """Run `program` beside a Spark session with `settings`; what it put into `told`.

    Args:
        program: Python, with `spark`, `sc`, `F` and the dictionary `told` there.
        seconds: after which it is ended, with all processes that it started.
        settings: Spark's, with _ for the points: `spark_master="local[1]"`. `memory` is the
            driver's.

    Raises:
        RuntimeError: the program failed, or was not done in time.
    """
    with tempfile.TemporaryDirectory() as folder:
        memory = settings.pop("memory", "1g")
        events = Path(folder) / "events"  # Spark's own record, for a program that reads it
        events.mkdir()
        options = {name.replace("_", "."): value for name, value in settings.items()} | {
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": events.as_uri(),
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.compress": "false",
            "spark.ui.enabled": "false",
        }
        flags = [part for name, value in options.items() for part in ("--conf", f"{name}={value}")]
        variables = {
            **os.environ,
            **environment("laptop"),
            "SPARK_DRIVER_MEMORY": memory,
            "SPARK_WORKER_DIR": f"{folder}/work",  # of executors
            "SPARK_LOCAL_DIRS": f"{folder}/local",  # shuffles and what is spilled
            "PYSPARK_SUBMIT_ARGS": " ".join([*flags, "pyspark-shell"]),
        }
        variables.pop("PYSPARK_GATEWAY_PORT", None)
        late = ""
        log = Path(folder) / "log"
        with open(log, "w") as written:
            child = subprocess.Popen(
                [sys.executable, "-c", BEGIN + program + END], cwd=folder, env=variables,
                stdin=subprocess.DEVNULL, stdout=written, stderr=written, start_new_session=True,
            )  # fmt: skip
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                late = f" within {seconds:.0f} s"
            finally:
                _end(child)
        told = Path(folder) / "told.json"
        if not told.exists():
            raise RuntimeError(f"the program left no result{late}: {log.read_text()[-1500:]}")
        found: dict[str, Any] = json.loads(told.read_text())
        return found


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the program and all that it started, if any of it still runs."""
    with contextlib.suppress(psutil.Error):
        tree = psutil.Process(child.pid).children(recursive=True)
        for one in tree:
            with contextlib.suppress(psutil.Error):
                one.kill()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, 9)
    child.wait()
