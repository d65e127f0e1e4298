"""The end of the chapter `memory_wall`: one job at `large`, in pandas and in Spark, in 1.5 GiB.

And the honest opposite: the same job at `tiny`, where Spark mostly waits for itself.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import psutil
import shop

from autograder.machine.spark import environment
from benchmarks.harness import BenchError, Record

BUDGET_MB = 1536
WITHIN_SECONDS = 900.0
MIB = 1024 * 1024

PANDAS = """
import json, sys, time
import pandas as pd
if sys.argv[2] != "0":
    import resource
    resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[2]) * 2**20,) * 2)
began = time.perf_counter()
try:
    orders = pd.read_parquet(sys.argv[1])
    answer = orders.groupby("city")["amount_cents"].mean()
    told = "finished"
except MemoryError:
    told = "MemoryError"
print(json.dumps({"outcome": told, "seconds": time.perf_counter() - began}), flush=True)
"""
SPARK = """
import json, sys, time
from pyspark.sql import SparkSession
began = time.perf_counter()
spark = SparkSession.builder.master("local[2]").getOrCreate()
spark.range(10).count()
print(json.dumps({"ready": time.perf_counter() - began}), flush=True)
time.sleep(1.0)
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    rows = spark.read.parquet(sys.argv[1]).groupBy("city").avg("amount_cents").collect()
    seconds = time.perf_counter() - began
print(json.dumps({"outcome": "finished", "seconds": seconds, "rows": len(rows)}), flush=True)
spark.stop()
"""


def _tree_mb(process: psutil.Process) -> float:
    """Resident memory of a process and all below it, in MiB."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.Error:
            continue
    return total / MIB


def _watch(code: str, *arguments: str) -> tuple[list[dict[str, Any]], float, float]:
    """Run `code`; the lines it printed, the memory at its first line, and its peak, in MiB."""
    env = {**os.environ, **environment("laptop")}
    lines: list[dict[str, Any]] = []
    floor = peak = 0.0
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(
            [sys.executable, "-c", code, *arguments], env=env, stdout=printed, stderr=errors
        )
        seen, end = psutil.Process(child.pid), time.monotonic() + WITHIN_SECONDS
        while child.poll() is None:
            if time.monotonic() > end:
                child.kill()
                raise BenchError(f"a job had not finished after {WITHIN_SECONDS:.0f} s")
            try:
                now = _tree_mb(seen)
            except psutil.Error:
                break
            peak = max(peak, now)
            if not floor and os.fstat(printed.fileno()).st_size:
                floor = now
            time.sleep(0.05)
        child.wait()
        printed.seek(0)
        lines = [json.loads(line) for line in printed if line.startswith("{")]
        if not lines:
            errors.seek(0)
            raise BenchError(f"a job ended without a word: {errors.read()[-500:]}")
    return lines, floor, peak


def run(record: Record) -> None:
    """Measure both at `large` within the budget, then both at `tiny`."""
    large, tiny = str(shop.path("orders", "large")), str(shop.path("orders", "tiny"))
    (died,), _, _ = _watch(PANDAS, large, str(BUDGET_MB))
    record(
        "pandas at large within the budget finished",
        float(died["outcome"] == "finished"),
        "0 or 1",
        "0: it dies",
        died["outcome"] == "MemoryError",
    )
    lines, floor, peak = _watch(SPARK, large, "1")
    record("Spark's floor before any work", round(floor), "MiB")
    record("Spark's peak at large", round(peak), "MiB", f"<= {BUDGET_MB}", peak <= BUDGET_MB)
    record("Spark's time for the job at large", round(lines[-1]["seconds"], 2), "s")
    quick = statistics.median(_watch(PANDAS, tiny, "0")[0][0]["seconds"] for _ in range(3))
    slow, _, _ = _watch(SPARK, tiny, "3")
    warm = slow[-1]["seconds"]
    record("pandas' time at tiny", round(quick * 1000, 1), "ms")
    record("Spark's time at tiny, session warm", round(warm * 1000, 1), "ms")
    record(
        "Spark against pandas at tiny, session warm",
        round(warm / quick, 1),
        "ratio",
        "> 1: pandas is faster",
        warm > quick,
    )
    record(
        "Spark against pandas at tiny, session started",
        round((slow[0]["ready"] + warm) / quick, 1),
        "ratio",
        "> 1: pandas is faster",
        slow[0]["ready"] + warm > quick,
    )
