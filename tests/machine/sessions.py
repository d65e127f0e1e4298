"""Real Spark sessions in processes of their own, for the tests of this folder."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

SETTINGS = (
    "spark.master",
    "spark.sql.session.timeZone",
    "spark.sql.shuffle.partitions",
    "spark.sql.ansi.enabled",
    "spark.ui.enabled",
)
JOB = f"""
import json, sys, tempfile, time
import pyspark
from pyspark import SparkContext
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
orders = spark.createDataFrame([(i % 3, float(i)) for i in range(30)], "city long, amount double")
with tempfile.TemporaryDirectory() as folder:
    orders.write.parquet(folder + "/orders")
    totals = spark.read.parquet(folder + "/orders").groupBy("city").sum("amount")
    frame = sorted(map(list, totals.collect()))
rdd = spark.sparkContext.parallelize(range(30), 3)
pairs = sorted(map(list, rdd.map(lambda n: (n % 3, 1)).reduceByKey(lambda a, b: a + b).collect()))
jvm = spark.sparkContext._jvm.System
said = dict(
    frame=frame, pairs=pairs, java=jvm.getProperty("java.version"),
    home=jvm.getProperty("java.home"), zone=time.tzname[0],
    spark=pyspark.__file__, python=spark.sparkContext.pythonExec,
    settings={{name: spark.conf.get(name, None) for name in {SETTINGS!r}}},
)
process = SparkContext._gateway.proc
spark.stop()
process.stdin.close()
process.wait(120)
print(json.dumps(said))
"""
TOTALS = [[0, 135.0], [1, 145.0], [2, 155.0]]
COUNTS = [[0, 10], [1, 10], [2, 10]]
HARMLESS = "WARNING: Using incubator modules: jdk.incubator.vector"


@dataclass(frozen=True)
class Session:
    """What a Spark session of its own process said."""

    said: dict[str, Any]
    stdout: list[str]
    stderr: list[str]  # without the line that Java 17 writes whenever Spark starts


def session(environment: dict[str, str]) -> Session:
    """Run `JOB`: a DataFrame from Parquet, an RDD, and what the session says of itself."""
    done = subprocess.run(
        [sys.executable, "-c", JOB], env=environment, text=True, capture_output=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    stderr = [line for line in done.stderr.splitlines() if line.strip() not in ("", HARMLESS)]
    found = Session(json.loads(lines[-1]), lines[:-1], stderr)
    assert (found.said["frame"], found.said["pairs"]) == (TOTALS, COUNTS)
    return found


def in_place(place: str, environment: dict[str, str]) -> dict[str, str]:
    """`environment` with the variables of `place` laid over, as a process with it would do."""
    code = (
        "import json; from autograder.machine.spark import environment; "
        f"print(json.dumps(environment({place!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, text=True, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return environment | json.loads(done.stdout)
