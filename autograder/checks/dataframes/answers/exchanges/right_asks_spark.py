"""The program is put together, and the exchanges in its plan are counted; nothing is run."""

import re

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F


def exchanges(steps):
    spark = SparkSession.builder.getOrCreate()
    key = "spark.sql.autoBroadcastJoinThreshold"
    before = spark.conf.get(key)
    spark.conf.set(key, "-1")
    try:
        columns = "city string, courier string, status string, amount bigint"
        source = spark.createDataFrame([("a", "b", "c", 1)], columns)
        frame = source
        for number, step in enumerate(steps):
            do, by = step["do"], step.get("by")
            measures = [c for c in frame.columns if c not in ("city", "courier", "status")]
            if do == "group":
                frame = frame.groupBy(*by).agg(*[F.sum(c).alias(c) for c in measures])
            elif do == "window":
                total = F.sum("amount").over(Window.partitionBy(*by))
                frame = frame.withColumn(f"w{number}", total)
            elif do == "join":
                other = source.select(*by, F.col("amount").alias(f"j{number}"))
                frame = frame.join(F.broadcast(other) if step["small"] else other, by)
            elif do == "repartition":
                frame = frame.repartition(8)
            elif do == "order":
                frame = frame.orderBy(*by)
        plan = frame._jdf.queryExecution().executedPlan().toString()
        return sum(bool(re.match(r"[^A-Za-z]*Exchange ", line)) for line in plan.splitlines())
    finally:
        spark.conf.set(key, before)
