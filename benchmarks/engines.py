"""The same two questions in five engines as rows grow; and CSV against Parquet.

Each engine answers in a process of its own on two cores, from Parquet, reading the columns that it
needs. Its answer is held against one that Arrow worked out before anything of it is timed. Memory
(PSS of all its processes) is watched in that first run, so that watching slows down no timed one.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import shop

from benchmarks._child import CORES, MIB, TooSlow, load, running
from benchmarks.harness import BenchError, Record

ENGINES = ("pandas", "Polars", "DuckDB", "Dask", "Spark")
QUESTIONS = ("group-by", "join")
ROUNDS = {"tiny": 5, "small": 5, "medium": 3, "large": 1}
AFFORDABLE = 15.0  # seconds of a join at medium; a slower engine is not asked at large
WITHIN_SECONDS = 60.0
Answer = list[list[Any]]

CHILD = """
import json, os, sys, time
job = json.loads(sys.argv[1])
orders, items = job["orders"], job["items"]
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: job["cores"]])

{engine}

def plain(rows):
    return sorted([str(city), int(count), int(total)] for city, count, total in rows)

def say(**told):
    print(json.dumps(told), flush=True)

began = time.perf_counter()
start()
say(ready=time.perf_counter() - began)
for name, ask in (("group-by", group), ("join", join)):
    sys.stdin.readline()
    say(answer=plain(ask()))
    seconds = []
    for _ in range(int(sys.stdin.readline())):
        began = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - began)
    say(seconds=seconds)
"""
PANDAS = """
def start():
    global pd
    import pyarrow as pa, pyarrow.parquet
    import pandas as pd
    pa.set_cpu_count(job["cores"])
def group():
    frame = pd.read_parquet(orders, columns=["city", "amount_cents"])
    return frame.groupby("city")["amount_cents"].agg(["count", "sum"]).itertuples()
def join():
    left = pd.read_parquet(items, columns=["order_id", "amount_cents"])
    right = pd.read_parquet(orders, columns=["order_id", "city"])
    both = left.merge(right, on="order_id")
    return both.groupby("city")["amount_cents"].agg(["count", "sum"]).itertuples()
"""
POLARS = """
os.environ["POLARS_MAX_THREADS"] = str(job["cores"])
def start():
    global pl, means
    import polars as pl
    means = [
        pl.col("amount_cents").count().alias("count"), pl.col("amount_cents").sum().alias("sum")
    ]
def answer(frame):
    kept = frame.filter(pl.col("city").is_not_null())
    return kept.group_by("city").agg(means).collect(engine="streaming").iter_rows()
def group():
    return answer(pl.scan_parquet(orders))
def join():
    left = pl.scan_parquet(items).select("order_id", "amount_cents")
    right = pl.scan_parquet(orders).select("order_id", "city")
    return answer(left.join(right, on="order_id"))
"""
SQL = """
ANSWER = "select city, count(amount_cents), sum(amount_cents) from "
ONE = ANSWER + "{0} where city is not null group by city"
TWO = (
    ANSWER + "(select i.amount_cents, o.city from {1} i join {0} o on i.order_id = o.order_id) t "
    "where city is not null group by city"
)
"""
DUCKDB = (
    SQL
    + """
def start():
    global base, tables
    import duckdb
    base = duckdb.connect()
    base.execute(f"set threads = {job['cores']}")
    base.execute("set enable_progress_bar = false")
    parts = [path + "/*.parquet" if os.path.isdir(path) else path for path in (orders, items)]
    tables = [f"read_parquet('{path}')" for path in parts]
def group():
    return base.execute(ONE.format(*tables)).fetchall()
def join():
    return base.execute(TWO.format(*tables)).fetchall()
"""
)
DASK = """
def start():
    global dd
    import dask
    dask.config.set(scheduler="threads", num_workers=job["cores"])
    import dask.dataframe as dd
def answer(frame):
    return frame.groupby("city")["amount_cents"].agg(["count", "sum"]).compute().itertuples()
def group():
    return answer(dd.read_parquet(orders, columns=["city", "amount_cents"]))
def join():
    left = dd.read_parquet(items, columns=["order_id", "amount_cents"])
    right = dd.read_parquet(orders, columns=["order_id", "city"])
    return answer(left.merge(right, on="order_id"))
"""
SPARK = (
    SQL
    + """
def start():
    global spark, tables
    from pyspark.sql import SparkSession
    builder = SparkSession.builder.master(f"local[{job['cores']}]")
    spark = builder.config("spark.ui.enabled", "false").getOrCreate()
    spark.range(10).count()
    tables = [f"parquet.`{path}`" for path in (orders, items)]
def group():
    return spark.sql(ONE.format(*tables)).collect()
def join():
    return spark.sql(TWO.format(*tables)).collect()
"""
)
CODE = {"pandas": PANDAS, "Polars": POLARS, "DuckDB": DUCKDB, "Dask": DASK, "Spark": SPARK}


def run(record: Record) -> None:
    """Ask every engine at every size, smallest first; then weigh the two formats."""
    record("other work when it began, tasks per core", load(), "load")
    last: dict[str, float] = {}
    for size, rounds in ROUNDS.items():
        orders, items = shop.path("orders", size), shop.path("order_items", size)
        right = reference(orders, items)
        record(f"orders at {size}", ds.dataset(orders).count_rows(), "rows")
        record(f"order lines at {size}", ds.dataset(items).count_rows(), "rows")
        both = _size(orders) + _size(items)
        record(f"both tables as Parquet at {size}", round(both / MIB, 3), "MiB")
        for engine in ENGINES:
            if size == "large" and last[engine] > AFFORDABLE:
                continue
            try:
                ready, found = ask(engine, orders, items, right, rounds)
            except TooSlow:
                if size != "large":
                    raise
                continue  # not affordable; the page says which engines were not asked
            last[engine] = found["join"][0]
            record(f"{engine}, start-up at {size}", round(ready, 3), "s")
            for question, (seconds, peak) in found.items():
                record(f"{engine}, {question} at {size}, time", round(seconds, 4), "s")
                record(f"{engine}, {question} at {size}, peak", round(peak, 1), "MiB")
    formats(record)
    record("other work when it ended, tasks per core", load(), "load")


def reference(orders: Path, items: Path) -> dict[str, Answer]:
    """Both answers as Arrow gives them: what every engine has to say."""
    table = pq.read_table(orders, columns=["order_id", "city", "amount_cents"])
    lines = pq.read_table(items, columns=["order_id", "amount_cents"])
    joined = lines.join(table.select(["order_id", "city"]), "order_id", join_type="inner")
    return {"group-by": _by_city(table), "join": _by_city(joined)}


def _size(path: Path) -> int:
    """Bytes of a table: of its file, or of the parts in its folder."""
    return sum(one.stat().st_size for one in (path.glob("*.parquet") if path.is_dir() else [path]))


def _by_city(table: Any) -> Answer:
    known = table.filter(pc.is_valid(table["city"]))
    sums = known.group_by("city").aggregate([("amount_cents", "count"), ("amount_cents", "sum")])
    rows = zip(
        *(sums[name].to_pylist() for name in ("city", "amount_cents_count", "amount_cents_sum")),
        strict=True,
    )
    return sorted([str(city), int(count), int(total)] for city, count, total in rows)


def ask(
    engine: str, orders: Path, items: Path, right: dict[str, Answer], rounds: int
) -> tuple[float, dict[str, tuple[float, float]]]:
    """Seconds to start, and for each question its median time in seconds and its peak in MiB.

    Raises:
        BenchError: the engine died, took too long, or gave another answer than Arrow.
    """
    job = {"orders": str(orders), "items": str(items), "cores": CORES}
    program = CHILD.replace("{engine}", CODE[engine])
    found: dict[str, tuple[float, float]] = {}
    with running(engine, program, job, WITHIN_SECONDS) as child:
        ready, _ = child.hear()
        for question in QUESTIONS:
            child.tell("answer")
            told, peak = child.hear(watched=True)
            if told["answer"] != right[question]:
                raise BenchError(f"{engine} answers the {question} otherwise than Arrow")
            child.tell(str(rounds))
            told, _ = child.hear()
            found[question] = (statistics.median(told["seconds"]), peak)
    return float(ready["ready"]), found


FORMAT = """
import json, sys, time
import pyarrow as pa, pyarrow.parquet
import pandas as pd
path, kind, columns = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
pa.set_cpu_count(2)

class Counted:
    def __init__(self, path):
        self.file, self.bytes = open(path, "rb"), 0
    def read(self, *size):
        found = self.file.read(*size)
        self.bytes += len(found)
        return found
    def read1(self, *size):
        return self.read(*size)
    def readinto(self, space):
        count = self.file.readinto(space)
        self.bytes += count
        return count
    def __getattr__(self, name):
        return getattr(self.file, name)
    def __iter__(self):
        return iter(self.file)

def read(source):
    if kind == "CSV":
        return pd.read_csv(source, usecols=columns)
    return pd.read_parquet(source, columns=columns)

read(path)
seconds = []
for _ in range(3):
    began = time.perf_counter()
    read(path)
    seconds.append(time.perf_counter() - began)
counted = Counted(path)
read(counted)
print(json.dumps({"seconds": sorted(seconds)[1], "bytes": counted.bytes}))
"""


def formats(record: Record) -> None:
    """Size of one table as CSV and as Parquet; time and bytes to read all of it, and one column."""
    paths = {
        "CSV": shop.path("orders", "medium", format="csv"),
        "Parquet": shop.path("orders", "medium"),
    }
    for kind, path in paths.items():
        record(f"{kind}, size", round(path.stat().st_size / MIB, 2), "MiB")
        for what, columns in (("all columns", None), ("one column", ["amount_cents"])):
            done = subprocess.run(
                [sys.executable, "-c", FORMAT, str(path), kind, json.dumps(columns)],
                capture_output=True, text=True, timeout=WITHIN_SECONDS,
            )  # fmt: skip
            if done.returncode:
                raise BenchError(f"{kind} could not be read: {done.stderr[-300:]}")
            told = json.loads(done.stdout)
            record(f"{kind}, {what}, time", round(told["seconds"], 4), "s")
            record(f"{kind}, {what}, bytes read", round(told["bytes"] / MIB, 3), "MiB")
