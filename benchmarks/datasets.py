"""How fast the shop's orders are made, against other makers of data and against plain writing.

All write the same fourteen columns as Parquet, compressed with zstd, in processes of their own
that are held to one core, or to two where that is said. Each round runs all of them in turn.
Set BENCH_HUGE=1 to make 10^8 orders as well (3 GB of disk, minutes).
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from autograder.machine.spark import environment
from benchmarks.harness import BenchError, Record

ROUNDS = 3
ROWS = 30_000_000  # of ours: many parts, so that starting up weighs little
MIB = 1024 * 1024
HUGE = bool(os.environ.get("BENCH_HUGE"))

FAKER = """
import random
from faker import Faker
fake = Faker()
def row(i):
    return (i, random.randint(1, 10_000), random.randint(1, 200), fake.date_time_this_year(),
            fake.city(), fake.random_element(("delivered", "shipped", "returned")),
            fake.random_element(("card", "wallet", "invoice")), fake.company(),
            random.randint(1, 40), random.randint(99, 99_999), random.randint(0, 30) / 100,
            fake.boolean(), fake.sentence(nb_words=9), fake.bothify("BPX-################"))
"""
MIMESIS = """
import random
from mimesis import Generic
from mimesis.locales import Locale
fake = Generic(Locale.EN)
choice = fake.random.choice
def row(i):
    return (i, random.randint(1, 10_000), random.randint(1, 200), fake.datetime.datetime(),
            fake.address.city(), choice(("delivered", "shipped", "returned")),
            choice(("card", "wallet", "invoice")), fake.finance.company(),
            random.randint(1, 40), random.randint(99, 99_999), random.randint(0, 30) / 100,
            fake.development.boolean(), fake.text.sentence(), fake.random.generate_string_by_mask(
                "BPX-################"))
"""
BY_ROW = """
import sys, time
import pyarrow as pa, pyarrow.parquet as pq
{make}
rows, out = int(sys.argv[1]), sys.argv[2]
row(0)
began = time.perf_counter()
columns = list(zip(*(row(i) for i in range(rows))))
table = pa.table({{f"c{{n}}": list(c) for n, c in enumerate(columns)}})
pq.write_table(table, out, compression="zstd")
print(rows / (time.perf_counter() - began))
"""
OURS = """
import sys, time, shop
from shop.making import keep_freed_memory
keep_freed_memory()  # as `python -m shop make` does
shop.load("products", "tiny", seed=int(sys.argv[1]))  # the words, which are drawn once
began = time.perf_counter()
rows = int(sys.argv[3])
shop.make(rows, tables=["orders"], seed=int(sys.argv[1]), processes=int(sys.argv[2]),
          progress=False)
print(rows / (time.perf_counter() - began))
"""
WRITING = """
import glob, sys, time
import pyarrow.parquet as pq
POOLED = ["city", "status", "payment", "courier"]
rows, seconds = 0, 0.0
for part in sorted(glob.glob(sys.argv[1] + "/*.parquet")):
    table = pq.read_table(part)
    began = time.perf_counter()
    pq.write_table(table, sys.argv[2], compression="zstd", compression_level=1,
                   use_dictionary=POOLED, row_group_size=100_000, store_schema=False)
    seconds += time.perf_counter() - began
    rows += table.num_rows
print(rows / seconds)
"""
DBLDATAGEN = """
import sys, time
import dbldatagen as dg
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[2]").getOrCreate()
def job(rows, out):
    spec = (dg.DataGenerator(spark, rows=rows, partitions=2)
        .withColumn("order_id", "long", expr="id")
        .withColumn("customer_id", "long", minValue=1, maxValue=100000, random=True)
        .withColumn("product_id", "long", minValue=1, maxValue=2000, random=True)
        .withColumn("ordered_at", "timestamp", begin="2024-01-01 00:00:00",
                    end="2025-12-31 23:59:00", interval="1 minute", random=True)
        .withColumn("city", "string", values=[f"city {n}" for n in range(252)], random=True)
        .withColumn("status", "string", values=["delivered", "shipped", "open"], random=True)
        .withColumn("payment", "string", values=["card", "wallet", "invoice"], random=True)
        .withColumn("courier", "string", values=["a", "b", "c", "d", "e", "f"], random=True)
        .withColumn("items", "long", minValue=1, maxValue=40, random=True)
        .withColumn("amount_cents", "long", minValue=99, maxValue=99999, random=True)
        .withColumn("discount", "double", minValue=0.0, maxValue=0.3, step=0.01, random=True)
        .withColumn("gift", "boolean", expr="rand() < 0.1")
        .withColumn("note", "string", template=r"\\\\w \\\\w \\\\w (dd)", random=True)
        .withColumn("tracking", "string", template="BPX-dddddddddddddddd", random=True))
    spec.build().write.option("compression", "zstd").mode("overwrite").parquet(out)
rows = int(sys.argv[1])
job(20_000, sys.argv[2])
began = time.perf_counter()
job(rows, sys.argv[2])
print(rows / (time.perf_counter() - began))
"""


def run(record: Record) -> None:
    """Measure all in turn, `ROUNDS` times, and hold medians of the rounds' ratios to the bars."""
    rates: dict[str, list[float]] = {}
    record("load average before", os.getloadavg()[0], "processes")
    with tempfile.TemporaryDirectory(dir=os.environ.get("SHOP_DATA")) as scratch:
        there = Path(scratch)
        for number in range(ROUNDS):
            for name, rate in _round(number, there).items():
                rates.setdefault(name, []).append(rate)
        for name, found in rates.items():
            record(name, statistics.median(found), "rows/s")

        def against(text: str, one: str, other: str, bar: float, most: bool = False) -> None:
            ratio = statistics.median(a / b for a, b in zip(rates[one], rates[other], strict=True))
            holds = ratio <= bar if most else ratio >= bar
            record(text, ratio, "ratio", f"{'<=' if most else '>='} {bar:g}", holds)

        against("ours against Faker row by row", "ours, one core", "Faker, one core", 200)
        against("ours against Mimesis row by row", "ours, one core", "Mimesis, one core", 10)
        against("ours against dbldatagen", "ours, two cores", "dbldatagen, two cores", 5)
        text = "time to make and write against time to write alone"
        against(text, "pyarrow writes alone, one core", "ours, one core", 1.5, most=True)
        against("two cores against one", "ours, two cores", "ours, one core", 1.7)
        peaks = {size: _peak(size, there) for size in ["medium", "large", *["huge"] * HUGE]}
        for size, peak in peaks.items():
            record(f"peak memory at {size}", peak, "MiB", "< 1024", peak < 1024)
            if size != "medium":
                ratio = peak / peaks["medium"]
                record(
                    f"peak memory, {size} against medium", ratio, "ratio", "<= 1.2", ratio <= 1.2
                )


def _round(number: int, there: Path) -> dict[str, float]:
    found = {}
    target = str(there / "rows.parquet")
    found["Faker, one core"] = _rate(1, BY_ROW.format(make=FAKER), "3000", target)
    found["Mimesis, one core"] = _rate(1, BY_ROW.format(make=MIMESIS), "30000", target)
    for cores in (1, 2):
        data = there / f"ours-{number}-{cores}"
        name = f"ours, {'one core' if cores == 1 else 'two cores'}"
        found[name] = _rate(cores, OURS, str(number), str(cores), str(ROWS), SHOP_DATA=str(data))
    parts = there / f"ours-{number}-1" / f"orders{ROWS}-{number}" / "orders.parquet"
    found["pyarrow writes alone, one core"] = _rate(1, WRITING, str(parts), target)
    found["dbldatagen, two cores"] = _rate(
        2, DBLDATAGEN, "1000000", str(there / "dbldatagen"), **environment("laptop")
    )
    for cores in (1, 2):
        shutil.rmtree(there / f"ours-{number}-{cores}")
    return found


def _rate(cores: int, program: str, *words: str, **more: str) -> float:
    """Rows per second that `program` prints, held to some cores of this machine."""
    ours = sorted(os.sched_getaffinity(0))[:cores]
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=900,
        preexec_fn=lambda: os.sched_setaffinity(0, ours),
    )
    if done.returncode:
        raise BenchError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return float(json.loads(done.stdout.splitlines()[-1]))


def _peak(size: str, there: Path) -> float:
    """The highest memory of all processes that make the orders at `size`, in MiB.

    What they share, libraries above all, counts once (Linux's proportional set size).
    """
    words = ["make", size, "--table", "orders", "--processes", "1"]
    maker = subprocess.Popen(
        [sys.executable, "-m", "shop", *words],
        env={**os.environ, "SHOP_DATA": str(there / size)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    highest = 0
    while maker.poll() is None:
        try:
            root = psutil.Process(maker.pid)
            tree = [root, *root.children(recursive=True)]
            highest = max(highest, sum(one.memory_full_info().pss for one in tree))
        except psutil.Error:
            pass
        time.sleep(0.02)
    if maker.returncode:
        raise BenchError(f"making {size} ended with {maker.returncode}")
    shutil.rmtree(there / size)
    return highest / MIB
