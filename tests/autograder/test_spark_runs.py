"""Answers that use Spark: what comes back of them, and what Spark's own record says of how."""

from __future__ import annotations

import json
import secrets
import socket
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pyarrow.parquet as pq
import pytest
import shop

from autograder.cases import Point, Prepared, _write_spark
from autograder.checking import Call, Exercise, Gap, SparkInput
from autograder.compare import same_frame, same_rows
from autograder.evidence import Result
from autograder.runner.spark import mark_of
from autograder.spark_record import BadRecord, plan_as_text, read_facts
from autograder.starting import Standby
from autograder.supervise import Cell, Run, run_answers
from autograder.wall import Wall, find_wall

EXERCISE = Exercise("nowhere.answer", "An exercise of the tests", "none", 1, ("a", "b", "c"))
POINT = Point("case", "tiny", shop.SEED, hidden=False)

SETUP = """
from pyspark.sql import SparkSession, Window, functions as F
from decimal import Decimal
import pandas as pd
spark = SparkSession.builder.getOrCreate()
"""
ANSWERS = {
    "lazy": "return o.groupBy('city').agg(F.sum('amount_cents').alias('cents'))",
    "whole": "return o",
    "in_sql": """
        o.createOrReplaceTempView('o')
        return o.sparkSession.sql('select city, sum(amount_cents) cents from o group by 1')
    """,
    "eager": "return spark.createDataFrame(o.groupBy('city').count().toPandas())",
    "to_pandas": "return o.groupBy('city').agg(F.sum('amount_cents').alias('cents')).toPandas()",
    "joins": "return o.hint('merge').join(c, 'customer_id').select('order_id', 'segment')",
    "broadcasts": "return o.join(F.broadcast(c), 'customer_id').select('order_id', 'segment')",
    "filters": "return o.where((F.col('items') > 3) & (F.col('city') == 'x')).select('order_id')",
    "filters_late": "return o.where(F.udf('boolean')(lambda n: n > 3)('items')).select('order_id')",
    "plain_udf": "return o.select('order_id', F.udf('long')(lambda n: n + 1)('items').alias('n'))",
    "pandas_udf": """
        @F.pandas_udf('long')
        def plus(n: pd.Series) -> pd.Series:
            return n + 1
        return o.select('order_id', plus('items').alias('n'))
    """,
    "slow": """
        wait = F.udf('long')(lambda n: (__import__('time').sleep(0.3), n)[1])
        return o.limit(1).select(wait('items').alias('n'))
    """,
    "windows": """
        w = Window.partitionBy('customer_id').orderBy('order_id')
        return o.select('order_id', F.row_number().over(w).alias('n'))
    """,
    "skews": "return o.select(F.lit(1).alias('k'), 'note').repartition(4, 'k')",
    "fails_late": "return o.select((F.col('note').cast('int')).alias('n'))",
    "twice": "return o.select('order_id', F.lit(1).alias('n'), F.lit(2).alias('n'))",
    "several": "return {'cities': o.select('city').distinct(), 'rows': 3}",
    "summed": "return r.reduceByKey(lambda a, b: a + b)",
    "grouped": "return r.groupByKey().mapValues(sum)",
    "odd_rows": "return r.map(lambda kv: (kv[0], [kv[1], None]) if kv[0] else 'x')",
    "decimals": "return r.map(lambda kv: (kv[0], Decimal(kv[1]) / 100))",
    "collected": "return r.collect()",
}
GIVEN = dict.fromkeys(ANSWERS, ("o",)) | {
    "joins": ("o", "c"),
    "broadcasts": ("o", "c"),
    "summed": ("r",),
    "grouped": ("r",),
    "odd_rows": ("r",),
    "decimals": ("r",),
    "collected": ("r",),
}


def _specs() -> dict[str, dict[str, Any]]:
    orders, customers = (str(shop.path(t, "tiny")) for t in ("orders", "customers"))
    rdd = {"columns": ["city", "amount_cents"], "partitions": 8, "values": False}
    return {
        "o": {"kind": "spark_frame", "path": orders, "columns": None},
        "c": {"kind": "spark_frame", "path": customers, "columns": ["customer_id", "segment"]},
        "r": {"kind": "rdd", "path": orders, **rdd},
    }


def _prepared(function: str, given: tuple[str, ...]) -> Prepared:
    specs = _specs()
    call = Call(*given)
    return Prepared(POINT, function, (call,), (tuple(specs[one] for one in given),), "", True)


def _defined(function: str, given: tuple[str, ...], body: str) -> str:
    lines = [line.removeprefix("        ") for line in body.strip("\n").splitlines()]
    indented = "\n".join(f"    {line}" for line in lines)
    return f"def {function}({', '.join(given)}):\n{indented}"


def run_spark(wall: Wall, answers: dict[str, str], cells: list[str]) -> tuple[Run, dict[str, Any]]:
    sources = [_defined(n, GIVEN.get(n, ("o",)), body) for n, body in answers.items()]
    run = run_answers(
        [Cell(f"cell {i}", source) for i, source in enumerate([SETUP, *cells, *sources])],
        [(EXERCISE, _prepared(n, GIVEN.get(n, ("o",)))) for n in answers],
        wall,
    )
    return run, {n: run.results[EXERCISE.id, n, POINT] for n in answers}


@pytest.fixture(scope="module")
def results(wall: Wall) -> dict[str, Result]:
    shop.make("tiny")
    run, found = run_spark(wall, ANSWERS, [])
    assert run.cell_failures == {}
    assert run.runs == 1
    return found


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return shop.load("orders", "tiny")


def test_a_frame_comes_back_as_rows(results: dict[str, Result], orders: pd.DataFrame) -> None:
    expected = orders.groupby("city", dropna=False)["amount_cents"].sum().reset_index(name="cents")
    same_frame(results["lazy"].value, expected)
    same_frame(results["in_sql"].value, results["lazy"].value)


def test_a_lazy_answer_starts_no_job(results: dict[str, Result]) -> None:
    assert results["lazy"].spark.jobs_before_action == 0
    assert results["in_sql"].spark.jobs_before_action == 0
    assert results["eager"].spark.jobs_before_action > 0
    assert results["summed"].spark.jobs_before_action == 0


def test_the_time_of_what_is_lazy_is_on_record_apart(results: dict[str, Result]) -> None:
    (outcome,) = results["slow"].outcomes
    assert outcome.described_seconds >= 0.3


def test_rows_that_reach_the_driver_are_counted(
    results: dict[str, Result], orders: pd.DataFrame
) -> None:
    assert results["eager"].spark.rows_to_driver == orders["city"].nunique(dropna=False)
    assert results["eager"].spark.bytes_to_driver > 0
    assert results["lazy"].spark.rows_to_driver == results["lazy"].spark.bytes_to_driver == 0
    assert results["collected"].spark.bytes_to_driver > len(orders)


def test_shuffles_and_joins_are_read_from_the_plan(results: dict[str, Result]) -> None:
    assert results["lazy"].spark.exchanges == 1
    assert results["joins"].spark.exchanges == 2
    assert results["joins"].spark.joins == ["SortMergeJoin"]
    assert results["broadcasts"].spark.exchanges == 0
    assert results["broadcasts"].spark.joins == ["BroadcastHashJoin"]
    assert results["windows"].spark.exchanges == 1
    marked = plan_as_text(results["lazy"].spark.plans[-1])
    assert sum("<== shuffle" in line for line in marked) == 1


def test_what_reached_the_files_is_seen(results: dict[str, Result]) -> None:
    pushed = results["filters"].spark
    assert "GreaterThan(items,3)" in pushed.pushed_filters
    assert pushed.columns_read == {"order_id", "items", "city"}
    assert results["filters_late"].spark.pushed_filters == []
    assert results["lazy"].spark.columns_read == {"city", "amount_cents"}
    assert results["lazy"].spark.bytes_read > 0


def test_bytes_are_counted_as_they_are_read(results: dict[str, Result]) -> None:
    whole = results["whole"].spark.bytes_read
    size = shop.path("orders", "tiny").stat().st_size
    assert 0.8 * size < whole < 1.5 * size
    assert results["lazy"].spark.bytes_read < whole


def test_kinds_of_python_functions_are_told_apart(results: dict[str, Result]) -> None:
    assert [kind for _, kind in results["plain_udf"].spark.python_nodes] in ([100], [101], [102])
    assert [kind for _, kind in results["pandas_udf"].spark.python_nodes] == [200]
    assert results["lazy"].spark.python_nodes == []


def test_skew_is_measured(results: dict[str, Result]) -> None:
    sizes = results["skews"].spark.partition_bytes()
    assert len(sizes) >= 1 and sum(sizes) > 0
    assert results["skews"].spark.largest_over_median >= 1
    assert results["broadcasts"].spark.largest_over_median == 1


def test_an_rdd_comes_back_with_its_partitions(
    results: dict[str, Result], orders: pd.DataFrame
) -> None:
    totals = orders.groupby("city", dropna=False)["amount_cents"].sum()
    rows = [(c if isinstance(c, str) else None, int(n)) for c, n in totals.items()]
    same_rows(results["summed"].value, rows)
    same_rows(results["grouped"].value, rows)
    assert len(results["summed"].value.sizes) == 4  # spark.default.parallelism
    assert sum(results["summed"].value.sizes) == len(rows)
    with pytest.raises(Gap, match="An RDD was expected"):
        same_rows(results["collected"].value, rows)


def test_shuffle_bytes_tell_reduce_from_group(results: dict[str, Result]) -> None:
    summed, grouped = (results[n].spark.shuffle_bytes for n in ("summed", "grouped"))
    assert 0 < summed < grouped


def test_rows_of_any_kind_come_back(results: dict[str, Result]) -> None:
    odd = results["odd_rows"].value
    assert any(isinstance(row, tuple) and row[1][1] is None for row in odd)
    assert any(row == "x" for row in odd)
    assert str(results["decimals"].value[0][1]).count(".") <= 1


def test_a_pandas_frame_is_not_a_spark_frame(results: dict[str, Result]) -> None:
    with pytest.raises(Gap, match="A Spark DataFrame was expected"):
        same_frame(results["to_pandas"].value, results["lazy"].value)


def test_frames_within_a_dictionary_come_back(results: dict[str, Result]) -> None:
    value = results["several"].value
    assert value["rows"] == 3
    assert list(value["cities"].columns) == ["city"]


def test_what_fails_at_the_action_is_the_answers_failure(results: dict[str, Result]) -> None:
    outcome = results["fails_late"].outcomes[0]
    assert outcome.outcome == "raised"
    assert "CAST_INVALID_INPUT" in outcome.error["message"]
    with pytest.raises(Gap, match="occurs more than once"):
        _ = results["twice"].value


FORGERIES = {
    "a listener that is stopped": "spark.sparkContext._jsc.sc().eventLogger().get().stop()",
    "a log that is emptied": """
import os
folder = 'spark-events'
for name in os.listdir(folder):
    open(os.path.join(folder, name), 'w').close()
    os.chmod(folder, 0)
""",
    "another session without a log": """
spark.stop()
spark = SparkSession.builder.config('spark.eventLog.enabled', 'false').getOrCreate()
""",
    "a patched explain and status tracker": """
from pyspark.sql import DataFrame
from pyspark import SparkContext
DataFrame.explain = lambda *a, **k: print('== Physical Plan ==')
SparkContext.statusTracker = property(lambda self: None)
""",
}


@pytest.mark.counted("attacks contained")
@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_record_earns_no_fact_that_did_not_happen(what: str, wall: Wall) -> None:
    body = ANSWERS["eager"] + "\n"
    _, found = run_spark(wall, {"eager": body}, [FORGERIES[what]])
    result = found["eager"]
    assert result.outcomes[0].outcome == "returned", result.outcomes[0].error
    if result.outcomes[0].spark is not None:
        assert result.spark.jobs_before_action > 0
    else:
        with pytest.raises(Gap, match="record"):
            _ = result.spark


@pytest.mark.counted("attacks contained")
def test_a_jvm_that_ends_costs_that_call_only(wall: Wall) -> None:
    answers = {
        "ends": "spark._jvm.java.lang.System.exit(0)\nreturn o",
        "stops": "spark.stop()\nreturn o",
        "lazy": ANSWERS["lazy"],
    }
    run, found = run_spark(wall, answers, [])
    assert found["ends"].outcomes[0].outcome in {"killed", "raised"}
    assert found["stops"].outcomes[0].outcome == "raised"
    assert found["lazy"].spark.exchanges == 1
    assert run.runs == 2


def test_a_job_without_end_is_stopped(wall: Wall) -> None:
    specs = _specs()
    call = Call("o", seconds=4)
    endless = Prepared(POINT, "endless", (call,), ((specs["o"],),), "", True)
    cells = [
        Cell("a", SETUP),
        Cell(
            "b",
            "import time\n"
            "def endless(o):\n"
            "    slow = F.udf('long')(lambda n: time.sleep(9) or n)\n"
            "    return o.select(slow('items').alias('n'))\n"
            + _defined("lazy", ("o",), ANSWERS["lazy"]),
        ),
    ]
    work = [(EXERCISE, endless), (EXERCISE, _prepared("lazy", ("o",)))]
    run = run_answers(cells, work, wall)
    assert run.results[EXERCISE.id, "endless", POINT].outcomes[0].outcome == "time"
    assert run.results[EXERCISE.id, "lazy", POINT].spark.exchanges == 1


@pytest.mark.parametrize(
    "line", [b"no json\n", b"[1]\n", b'{"Event": "SparkListenerTaskEnd", "Task Metrics": 3}\n']
)
def test_a_malformed_record_is_refused(line: bytes) -> None:
    with pytest.raises(BadRecord):
        read_facts(line, b"", "x")


def test_a_record_without_its_mark_gives_no_facts() -> None:
    job = b'{"Event": "SparkListenerJobStart"}\n'
    kind = "org.apache.spark.sql.execution.ui.SparkListenerDriverAccumUpdates"
    mark = json.dumps({"Event": kind, "executionId": mark_of("y")}).encode() + b"\n"
    assert read_facts(b"", mark, "x") is None
    assert read_facts(b"", mark + job, "y") is None
    facts = read_facts(job, job + mark, "y")
    assert facts is not None and facts.jobs_before_action == 1


def test_spark_is_there_when_the_request_comes() -> None:
    trusting = find_wall(trusting=True)
    with Standby(trusting, frozenset({"spark"})) as standby:
        cells = [Cell("setup", SETUP), Cell("a", _defined("lazy", ("o",), ANSWERS["lazy"]))]
        work = [(EXERCISE, _prepared("lazy", ("o",)))]
        done = run_answers(cells, work, trusting, standby=standby)
    assert done.results[EXERCISE.id, "lazy", POINT].spark.exchanges == 1


def test_a_session_of_a_run_keeps_its_files_where_they_are_removed() -> None:
    """Where there is no wall, too: each run would leave some folders behind."""
    body = """
        java, conf = o.sparkSession._jvm, o.sparkSession.sparkContext._jsc.sc().getConf()
        own = java.org.apache.spark.util.Utils.getLocalDir(conf)
        return [java.java.lang.System.getProperty('java.io.tmpdir'), own]
    """
    _, found = run_spark(find_wall(trusting=True), {"folders": body}, [])
    folders = [Path(one) for one in found["folders"].value]
    for folder in folders:
        assert any(part.startswith("beyond-pandas-") for part in folder.parts), folder
        assert not folder.exists()


def test_files_below_a_folder_are_shown(wall: Wall, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    for number in range(3):
        pd.DataFrame({"a": [number]}).to_parquet(folder / f"{number}.parquet")
    prepared = Prepared(
        POINT, "same", (Call("o"),), (({"kind": "spark_frame", "path": str(folder)},),), "", True
    )
    run = run_answers([Cell("a", "def same(o):\n    return o")], [(EXERCISE, prepared)], wall)
    assert sorted(run.results[EXERCISE.id, "same", POINT].value["a"]) == [0, 1, 2]


# ---- attacks from the JVM, and from Spark's workers

JVM_ATTACKS = {
    "a command by Runtime": """
        p = spark._jvm.java.lang.Runtime.getRuntime().exec(['/bin/cat', '@SECRET@'])
        stream = p.getInputStream()
        raise ValueError('FOUND ' + bytes(stream.readAllBytes()).decode())
    """,
    "a file read by Spark": """
        raise ValueError('FOUND ' + str(spark.read.text('file://@SECRET@').collect()))
    """,
    "a file read by the JVM": """
        paths = spark._jvm.java.nio.file
        read = paths.Files.readString(paths.Paths.get(
            '@SECRET@', spark.sparkContext._gateway.new_array(spark._jvm.String, 0)))
        raise ValueError('FOUND ' + read)
    """,
    "a function in a worker": """
        steal = F.udf('string')(lambda n: open('@SECRET@').read())
        raise ValueError('FOUND ' + str(o.limit(1).select(steal('items')).collect()))
    """,
    "a service of this machine, from the JVM": """
        spark._jvm.java.net.Socket('127.0.0.1', @PORT@).getInputStream().read()
        return o
    """,
    "a daemon from a worker": """
        import os
        words = ['@DAEMON@', '600']
        leave = F.udf('long')(lambda n: os.spawnv(os.P_NOWAIT, '/usr/bin/sleep', words))
        return o.limit(1).select(leave('items'))
    """,
}  # fmt: skip


@pytest.mark.counted("attacks contained")
@pytest.mark.parametrize("what", JVM_ATTACKS)
def test_spark_reaches_no_further_than_its_process(what: str, wall: Wall, tmp_path: Path) -> None:
    token = f"token-{secrets.token_hex(12)}"
    (tmp_path / "secret").write_text(token)
    for folder in (tmp_path, tmp_path.parent):
        folder.chmod(0o755)
    visits = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        body = JVM_ATTACKS[what].replace("@SECRET@", str(tmp_path / "secret"))
        body = body.replace("@PORT@", str(server.getsockname()[1])).replace("@DAEMON@", token)
        _, found = run_spark(wall, {"attack": body}, [])
        try:
            visits.append(server.accept())
        except TimeoutError:
            pass
    outcome = found["attack"].outcomes[0]
    assert token not in json.dumps(outcome.error)
    assert outcome.outcome == ("returned" if "daemon" in what else "raised"), outcome.error
    assert visits == []
    lines = [" ".join(one.info["cmdline"] or []) for one in psutil.process_iter(["cmdline"])]
    assert not any(token in line for line in lines)


def test_a_column_of_texts_without_any_is_still_one_of_texts(tmp_path: Path) -> None:
    """Spark's type for a column of nothing is refused by functions that a right answer may use."""
    rows = pd.DataFrame({"n": [1], "text": ["a"], "none": [None]})
    for number, frame in enumerate((rows, rows.head(0))):
        made = _write_spark(SparkInput(rows=frame), tmp_path, str(number))
        schema = pq.read_schema(tmp_path / made["path"])
        assert [str(one.type) for one in schema] == ["int64", "string", "string"]
