"""The linear model of the chapter `mllib` as rows grow, in MLlib and in scikit-learn.

Each reads the same deliveries from Parquet, fills gaps, encodes the couriers and fits, in a process
of its own on two cores. The coefficients are compared, too. Memory (PSS of all its processes) is
watched in a first run that is not timed, so that watching slows down no timed one.
"""

from __future__ import annotations

import statistics
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.dataset as ds
import shop

from benchmarks._child import CORES, load, running
from benchmarks.harness import BenchError, Record

ROUNDS = {"tiny": 5, "small": 3, "medium": 1, "large": 1}
AFFORDABLE = 20.0  # seconds of a fit; where one takes longer, large is left out
WITHIN_SECONDS = 300.0
CLOSE = 1e-6  # largest difference of two coefficients, as a share

CHILD = """
import json, os, sys, time
job = json.loads(sys.argv[1])
path = job["path"]
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: job["cores"]])

{tool}

def say(**told):
    print(json.dumps(told), flush=True)

began = time.perf_counter()
start()
say(ready=time.perf_counter() - began)
sys.stdin.readline()
say(numbers=fit())
seconds = []
for _ in range(int(sys.stdin.readline())):
    began = time.perf_counter()
    fit()
    seconds.append(time.perf_counter() - began)
say(seconds=seconds)
"""
# Both give the numbers by name, with Postline as the base, in hours a kilometre and a gram.
SCIKIT_LEARN = """
def start():
    global pd, work
    import pyarrow as pa, pyarrow.parquet
    import pandas as pd
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder
    pa.set_cpu_count(job["cores"])
    steps = ColumnTransformer([
        ("gaps", SimpleImputer(), ["distance_km", "weight_g"]),
        ("flags", "passthrough", ["express", "weekend"]),
        ("which", OneHotEncoder(drop=["Postline"], sparse_output=False), ["courier"]),
    ])
    work = make_pipeline(steps, LinearRegression())
def fit():
    columns = ["courier", "distance_km", "weight_g", "express", "dispatched_at", "hours"]
    rows = pd.read_parquet(path, columns=columns).dropna(subset="hours")
    rows["weekend"] = rows["dispatched_at"].dt.dayofweek >= 5
    fitted = work.fit(rows, rows["hours"])
    kinds = [one for one in fitted[0].named_transformers_["which"].categories_[0]]
    names = ["km", "g", "express", "weekend", *[one for one in kinds if one != "Postline"]]
    return {**dict(zip(names, map(float, fitted[1].coef_))), "start": float(fitted[1].intercept_)}
"""
MLLIB = """
def start():
    global spark, work, F
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import Imputer, OneHotEncoder, StringIndexer, VectorAssembler
    from pyspark.ml.regression import LinearRegression
    from pyspark.sql import SparkSession, functions as F
    builder = SparkSession.builder.master(f"local[{job['cores']}]")
    spark = builder.config("spark.ui.enabled", "false").getOrCreate()
    spark.range(10).count()
    parts = ["km", "g", "express", "weekend", "which"]
    work = Pipeline(stages=[
        Imputer(inputCols=["distance_km", "weight_g"], outputCols=["km", "g"]),
        StringIndexer(inputCol="courier", outputCol="place", stringOrderType="frequencyAsc"),
        OneHotEncoder(inputCol="place", outputCol="which"),
        VectorAssembler(inputCols=parts, outputCol="features"),
        LinearRegression(labelCol="hours"),
    ])
def fit():
    rows = spark.read.parquet(path).where("hours is not null")
    rows = rows.withColumn("weekend", F.expr("dayofweek(dispatched_at) in (1, 7)"))
    rows = rows.withColumn("weight_g", F.col("weight_g").cast("double"))
    model = work.fit(rows)
    found, labels = model.stages[-1], model.stages[1].labels
    assert labels[-1] == "Postline"
    names = ["km", "g", "express", "weekend", *labels[:-1]]
    return {**dict(zip(names, map(float, found.coefficients))), "start": float(found.intercept)}
"""
CODE = {"scikit-learn": SCIKIT_LEARN, "MLlib": MLLIB}


def run(record: Record) -> None:
    """Fit with both at every size, smallest first."""
    record("other work when it began, tasks per core", load(), "load")
    slowest = 0.0
    for size, rounds in ROUNDS.items():
        if size == "large" and slowest > AFFORDABLE:
            continue
        path = shop.path("deliveries", size)
        known = ds.dataset(path).count_rows(filter=pc.is_valid(ds.field("hours")))
        record(f"rows at {size}", known, "rows")
        numbers: dict[str, dict[str, float]] = {}
        for tool in CODE:
            ready, numbers[tool], seconds, peak = fit(tool, path, rounds)
            slowest = max(slowest, seconds)
            record(f"{tool}, start-up at {size}", round(ready, 3), "s")
            record(f"{tool} at {size}, time", round(seconds, 4), "s")
            record(f"{tool} at {size}, peak", round(peak, 1), "MiB")
        gap = apart(*numbers.values())
        if gap > CLOSE:
            raise BenchError(f"the coefficients at {size} differ by {gap:.1e} of their size")
        record(f"both at {size}, coefficients apart", gap, "share", f"<= {CLOSE:g}", True)
    record("other work when it ended, tasks per core", load(), "load")


def apart(one: dict[str, float], other: dict[str, float]) -> float:
    """The largest difference of two numbers of the same name, as a share of the first."""
    if set(one) != set(other):
        raise BenchError(f"the models have other parts: {sorted(one)} and {sorted(other)}")
    return max(abs(other[name] - value) / abs(value) for name, value in one.items())


def fit(tool: str, path: Path, rounds: int) -> tuple[float, dict[str, float], float, float]:
    """Seconds to start, the coefficients, the median time of a fit in seconds, its peak in MiB.

    Raises:
        BenchError: the tool died, or took too long.
    """
    job = {"path": str(path), "cores": CORES}
    with running(tool, CHILD.replace("{tool}", CODE[tool]), job, WITHIN_SECONDS) as child:
        ready, _ = child.hear()
        child.tell("fit")
        told, peak = child.hear(watched=True)
        child.tell(str(rounds))
        timed, _ = child.hear()
    return float(ready["ready"]), told["numbers"], statistics.median(timed["seconds"]), peak
