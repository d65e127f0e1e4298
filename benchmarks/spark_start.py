"""How long a learner waits for Spark: the course's settings against PySpark's own.

Both run the same small session, in turn, in fresh processes. PySpark as installed gets what it
cannot run without, a Java and the right interpreter for its workers, and nothing else.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile

from autograder.machine.spark import environment, make_archive
from benchmarks.harness import BenchError, Record

ROUNDS = 5
SESSION_WITHIN = 300.0  # seconds
SESSION = """
import json, time
began = time.perf_counter()
from pyspark import SparkContext
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
assert spark.range(1000).selectExpr("sum(id)").first()[0] == 499500
first = time.perf_counter() - began
orders = spark.createDataFrame([(i % 7, float(i)) for i in range(1000)], "city long, amount double")
totals = orders.groupBy("city").sum("amount")
assert orders.join(totals, "city").count() == 1000
numbers = spark.sparkContext.parallelize(range(1000), 2)
assert len(numbers.map(lambda n: (n % 3, n)).reduceByKey(lambda a, b: a + b).collect()) == 3
whole = time.perf_counter() - began
process = SparkContext._gateway.proc
spark.stop()
process.stdin.close()
process.wait(120)
print(json.dumps([first, whole]))
"""
OURS = ("BEYOND_PANDAS_PLACE", "SPARK_", "PYSPARK_", "JDK_JAVA_OPTIONS", "TZ")


def run(record: Record) -> None:
    """Measure both in turn, `ROUNDS` times; each round compares neighbours in time.

    The promise is held against the median of the rounds' ratios: whatever else slows the machine
    for a while then slows both sides of a ratio.
    """
    make_archive()
    record("load average before", os.getloadavg()[0], "processes")
    course = environment("laptop")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    stock = bare | {name: course[name] for name in ("JAVA_HOME", "PYSPARK_PYTHON")}
    times: dict[str, list[tuple[float, float]]] = {"stock": [], "course": []}
    for _ in range(ROUNDS):
        times["stock"].append(session(stock))
        times["course"].append(session(bare | course))
    for number, what in enumerate(("import to the first query", "and a join and an RDD job")):
        theirs = [one[number] for one in times["stock"]]
        ours = [one[number] for one in times["course"]]
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        ratio = statistics.median(ratios)
        record(f"PySpark as installed, {what}", statistics.median(theirs), "s")
        record(f"with the course's settings, {what}", statistics.median(ours), "s")
        record(f"course against stock, {what}", ratio, "ratio", "<= 0.5", ratio <= 0.5)
        record(f"course against stock, best round, {what}", min(ratios), "ratio")
        record(f"course against stock, worst round, {what}", max(ratios), "ratio")


def session(environment: dict[str, str]) -> tuple[float, float]:
    """Seconds from the import of PySpark to the first query's answer, and to the end of the work.

    Raises:
        BenchError: the session failed; the message has its last line.
    """
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [sys.executable, "-c", SESSION], env=environment, cwd=scratch, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=SESSION_WITHIN,
        )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise BenchError(f"a Spark session failed: {last}")
    first, whole = json.loads(done.stdout.splitlines()[-1])
    return first, whole
