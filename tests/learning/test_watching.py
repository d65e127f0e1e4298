"""Watching how Spark does a block of code, in a process as a learner has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from autograder.machine.spark import laptop_memory_mb

GIB = 2**30


def printed(program: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


def test_jobs_shuffles_and_plans_of_a_block_are_told_and_no_log_is_left(tmp_path: Path) -> None:
    told = printed(
        """
from autograder import watched
from pyspark.sql import SparkSession, functions as F
with watched() as nothing:
    spark = SparkSession.builder.getOrCreate()
    lazy = spark.range(1000).groupBy((F.col("id") % 7).alias("k")).count()
with watched() as counted:
    assert len(lazy.collect()) == 7
with watched() as narrow:
    spark.sparkContext.parallelize(range(8), 4).map(lambda n: n + 1).collect()
print(nothing.jobs, counted.exchanges, counted.shuffle_bytes > 0)
print(narrow.jobs, narrow.stages, len(narrow.tasks), narrow.exchanges, narrow.shuffle_bytes)
print("shuffle" in repr(counted), "Exchange" in counted._repr_html_(), counted.seconds > 0)
print(counted._repr_html_().count("<svg"), counted.picture._repr_html_().startswith("<div"))
print("<== shuffle" in repr(counted.picture), repr(nothing.picture._repr_html_()))
print(narrow)
""",
        tmp_path,
    )
    assert told[0] == "0 1 True"
    assert told[1] == "1 1 4 0 0"
    assert told[2] == "True True True"
    assert told[3:5] == ["1 True", "True ''"]
    assert told[5].startswith("1 job, 1 stage, 4 tasks, ")
    assert not list(tmp_path.glob("beyond-pandas-events-*"))


def test_a_session_that_was_there_before_is_not_watched_and_it_is_said(tmp_path: Path) -> None:
    (told,) = printed(
        """
from autograder.machine.spark import apply
apply()
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate()
from autograder import watched
try:
    with watched():
        pass
except Exception as problem:
    print(problem)
""",
        tmp_path,
    )
    assert "Restart the kernel" in told


def test_a_session_whose_process_died_is_replaced(tmp_path: Path) -> None:
    told = printed(
        """
from autograder import watched
from pyspark.sql import SparkSession
import os, time
with watched():
    context = SparkSession.builder.getOrCreate().sparkContext
os.kill(context._gateway.proc.pid, 9)
context._gateway.proc.wait()
with watched() as run:
    print(SparkSession.builder.getOrCreate().range(10).count())
print(run.jobs > 0)
""",
        tmp_path,
    )
    assert told == ["10", "True"]


def test_what_is_watched_is_read_after_the_block(tmp_path: Path) -> None:
    told = printed(
        """
from autograder import watched
with watched() as run:
    print(run)
    try:
        run.jobs
    except Exception as problem:
        print(problem)
""",
        tmp_path,
    )
    assert all("has not ended yet" in line for line in told) and len(told) == 2


def test_sparks_memory_follows_what_is_free() -> None:
    assert laptop_memory_mb(2 * GIB) == 1024
    assert laptop_memory_mb(6 * GIB) == 1536
    assert laptop_memory_mb(64 * GIB) == 4096
