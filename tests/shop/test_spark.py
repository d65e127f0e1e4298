"""The tables made by Spark on executors of their own: the very rows that the files hold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import shop

from autograder.machine.spark import environment as in_place
from tests.shop.running import environment

ORDERS = 250_000  # three chunks

JOB = """
import json, sys
import shop
from pyspark.sql import SparkSession
from shop import spark as shop_spark

out, orders = sys.argv[1], int(sys.argv[2])
session = SparkSession.builder.master(sys.argv[3]).getOrCreate()
told = {}
for name in shop.TABLES:
    shop_spark.table(session, name, orders, partitions=2).write.parquet(f"{out}/{name}.parquet")
shop_spark.register(session)
source = session.read.format("shop").option("table", "orders").option("rows", orders)
frame = source.load()
told["schema"] = frame.columns
told["rows"] = frame.count()
told["cents"] = frame.agg({"amount_cents": "sum"}).first()[0]
try:
    session.read.format("shop").option("table", "cats").load()
except Exception as problem:
    told["refused"] = str(problem)
told["executors"] = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
session.stop()
print(json.dumps(told))
"""


@pytest.mark.parametrize("master", ["local-cluster[2,1,1024]"])
def test_spark_makes_the_rows_that_the_files_hold(
    master: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("spark")
    place = in_place("laptop")
    done = subprocess.run(
        [sys.executable, "-c", JOB, str(out), str(ORDERS), master],
        capture_output=True,
        text=True,
        timeout=400,
        env=environment(**place),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["executors"] == 2
    for name in shop.TABLES:
        made = _rows(out / f"{name}.parquet")
        filed = _rows(shop.path(name, ORDERS))
        assert made == filed, name
    orders = shop.load("orders", ORDERS)
    assert told["rows"] == ORDERS and told["schema"] == list(orders.columns)
    assert told["cents"] == int(orders["amount_cents"].sum())
    assert "There is no table 'cats'" in told["refused"]


def _rows(path: Path) -> list[str]:
    """A fingerprint of a table's rows, in any order: their number, a sum of hashes, the columns."""
    frame = pd.read_parquet(path)
    for name in frame:
        if str(frame[name].dtype).startswith("datetime"):
            frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
    hashed = pd.util.hash_pandas_object(frame, index=False)
    return [str(len(frame)), str(int(hashed.to_numpy().sum(dtype="uint64"))), *frame.columns]
