"""Answers that use Spark are checked beside the learner's own session, which stays as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import shop

PROGRAM = """
import json, os
import shop
from py4j.clientserver import ClientServerConnection
from pyspark.sql import SparkSession, functions as F
from autograder import selfcheck
from autograder.cases import Point, Prepared
from autograder.checking import Call, Exercise
from autograder.course import CourseError
from autograder.learning import kernel
from autograder.runner import spark as runner_spark

kernel.start_spark()
spark = SparkSession.builder.getOrCreate()
exercise = Exercise("nowhere.answer", "An exercise of the tests", "none", 1, ("a", "b", "c"))
orders = {"kind": "spark_frame", "path": str(shop.path("orders", "tiny")), "columns": None}
prepared = Prepared(
    Point("case", "tiny", shop.SEED, False), "answer", (Call("o"), Call("o")), ((orders,),) * 2,
    "", True,
)
say = lambda **what: print(json.dumps(what))
told = []

def beside_spark(*asked):
    with kernel.as_configured():
        return selfcheck._in_process(*asked, told.append)

spark.conf.set("spark.sql.shuffle.partitions", "7")
spark.conf.set("spark.sql.ansi.enabled", "false")
spark.conf.set("spark.sql.autoBroadcastJoinThreshold", "-1")

def answer(o):
    assert spark.conf.get("spark.sql.shuffle.partitions") == "4"
    assert spark.conf.get("spark.sql.autoBroadcastJoinThreshold") == "10485760b"
    o.createOrReplaceTempView("o")
    return spark.sql("select city, count(*) n from o group by city")

result = beside_spark(exercise, answer, prepared)
say(
    rows=[len(frame) for frame in result.each()],
    progress=told,
    jobs=[one.jobs_before_action for one in result.sparks],
    exchanges=[one.exchanges for one in result.sparks],
    settings=[
        spark.conf.get("spark.sql.shuffle.partitions"), spark.conf.get("spark.sql.ansi.enabled"),
        spark.conf.get("spark.sql.autoBroadcastJoinThreshold"),
        spark.conf.get("spark.sql.ui.explainMode"),
    ],
)

def answer(o):
    return o.select(F.col("note").cast("int"))

result = beside_spark(exercise, answer, prepared)
say(ansi=result.outcomes[0].outcome, second=result.outcomes[1].outcome)

def answer(o):
    spark._jvm.java.lang.System.exit(1)

try:
    beside_spark(exercise, answer, prepared)
except CourseError as problem:
    say(died=str(problem))

def answer(o):
    return o.groupBy("city").count()

kernel.start_spark()
result = beside_spark(exercise, answer, prepared)
say(again=[one.exchanges for one in result.sparks])

from pyspark.ml.feature import VectorAssembler
from pyspark.ml.functions import vector_to_array

def answer(o):
    vectors = VectorAssembler(inputCols=["gift", "items"], outputCol="vector")
    uids.append(vectors.uid)
    numbers = vectors.transform(o).select(vector_to_array("vector").alias("n"))
    return numbers.where(~F.exists("n", F.isnan))

uids, compiled = [], []
java = runner_spark.session()._jvm
metrics = getattr(java, "org.apache.spark.metrics.source.CodegenMetrics$")
for _ in range(3):
    assert beside_spark(exercise, answer, prepared).values
    times = getattr(metrics, "MODULE$").METRIC_COMPILATION_TIME().getCount()
    compiled.append(times)
say(compiled=compiled, uids=uids, own=VectorAssembler().uid)

asked, send = [], ClientServerConnection.send_command

def told_of(self, command):
    asked.append(command)
    return send(self, command)

ClientServerConnection.send_command = told_of
found = {java.org.apache.spark.sql.functions.lit(number).toString() for number in range(50)}
say(columns=len(found), questions=sum(command.startswith("r") for command in asked))
say(later=[type(java.org.Later).__name__, "Later" in vars(java.org), "apache" in vars(java.org)])

import time
from pyspark.java_gateway import ensure_callback_server_started

class Busy:  # holds up Spark's status, as a busy machine does
    def onJobStart(self, event):
        time.sleep(2)

    def __getattr__(self, name):
        if not name.startswith("on"):
            raise AttributeError(name)
        return lambda *_: None

    class Java:
        implements = ["org.apache.spark.scheduler.SparkListenerInterface"]

context = runner_spark.session().sparkContext
ensure_callback_server_started(context._gateway)
count = context.parallelize([1], 1).count
count()  # warm: cold, one may take longer than the two seconds, and nothing would be late
context._jsc.sc().listenerBus().addToStatusQueue(Busy())
known = {}
for group in ("first", "second", "none"):
    context.setJobGroup(group, "a step")
    if group != "none":
        count()
    known[group] = len(context.statusTracker().getJobIdsForGroup(group))
say(known=known)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    import json

    shop.make("tiny")
    folder: Path = tmp_path_factory.mktemp("kernel")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=400, cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, object] = {}
    for line in done.stdout.splitlines():
        found |= json.loads(line)
    return found


def test_values_and_facts_come_from_the_learners_own_session(told: dict[str, object]) -> None:
    cities = shop.load("orders", "tiny")["city"].nunique(dropna=False)
    assert told["rows"] == [cities, cities]
    assert told["progress"] == ["tiny, call 2 of 2"]
    assert told["jobs"] == [0, 0]
    assert told["exchanges"] == [1, 1]


def test_settings_are_the_courses_during_a_check_and_the_learners_after_it(
    told: dict[str, object],
) -> None:
    assert told["settings"] == ["7", "false", "-1", "FORMATTED"]
    assert told["ansi"] == "raised"
    assert told["second"] == "nothing"


def test_spark_that_dies_in_a_check_is_told_and_the_next_check_works(
    told: dict[str, object],
) -> None:
    assert "Spark's own process ended while answer ran" in str(told["died"])
    assert told["again"] == [1, 1]


def test_the_jvm_is_asked_once_for_a_name_of_java(told: dict[str, object]) -> None:
    """Each part of a name for each column took a tenth of a small query."""
    assert told["columns"] == 50
    assert int(str(told["questions"])) < 50  # five for each column otherwise
    assert told["later"] == ["JavaPackage", False, True], "a jar may bring it yet"


def test_the_status_tracker_knows_each_job_that_was_started(told: dict[str, object]) -> None:
    """It heard of a short job when that had ended: an answer that asked it was right by chance."""
    assert told["known"] == {"first": 1, "second": 1, "none": 0}


def test_neither_a_stage_of_mllib_nor_a_lambda_is_compiled_anew_for_each_call(
    told: dict[str, object],
) -> None:
    _, second, third = list(told["compiled"])  # type: ignore[call-overload]
    assert second == third > 0
    assert set(told["uids"]) == {"VectorAssembler_000000000001"}  # type: ignore[call-overload]
    assert told["own"] != "VectorAssembler_000000000001"
