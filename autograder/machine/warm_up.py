"""One short session that uses what sessions of the course use, so that its classes are loaded.

Run by `autograder.machine.spark.make_archive` in a process and a folder of its own.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from pyspark import SparkContext
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

EXIT_WITHIN = 300.0  # seconds; writing the archive takes most of them


def work(spark: SparkSession) -> None:
    """Queries, a join, a window, a Python function, files, an RDD and a fit."""
    frame = pd.DataFrame({"key": [i % 7 for i in range(200)], "value": [i / 3 for i in range(200)]})
    orders = spark.createDataFrame(frame)
    orders.write.parquet("orders.parquet")
    orders.write.csv("orders.csv", header=True)
    spark.read.csv("orders.csv", header=True, schema=orders.schema).filter("value > 3").count()
    orders = spark.read.parquet("orders.parquet")
    totals = orders.groupBy("key").agg(F.sum("value").alias("total"), F.countDistinct("value"))
    orders.join(totals, "key").orderBy("total").limit(3).toPandas()
    orders.join(totals.hint("merge"), "key").explain()
    window = Window.partitionBy("key").orderBy("value")
    orders.withColumn("rank", F.row_number().over(window)).count()
    orders.createOrReplaceTempView("orders")
    spark.sql("select key, avg(value) from orders where key <> 2 group by key").collect()
    twice = F.udf(lambda value: value * 2, "double")
    orders.select(twice("value")).collect()

    numbers = spark.sparkContext.parallelize(range(100), 2)
    numbers.map(lambda number: (number % 3, number)).reduceByKey(lambda a, b: a + b).collect()

    filled = Imputer(inputCols=["value"], outputCols=["filled"]).fit(orders).transform(orders)
    vectors = VectorAssembler(inputCols=["filled"], outputCol="features").transform(filled)
    LinearRegression(labelCol="key").fit(vectors).transform(vectors).count()


def main() -> None:
    """Work, then wait for the JVM's own end: it writes the archive as it exits."""
    events = Path("events")
    events.mkdir()
    spark = (
        SparkSession.builder.config("spark.eventLog.enabled", True)
        .config("spark.eventLog.dir", events.absolute().as_uri())
        .getOrCreate()
    )
    work(spark)
    process = SparkContext._gateway.proc  # type: ignore[union-attr]
    spark.stop()
    process.stdin.close()  # the sign for the JVM to leave
    raise SystemExit(process.wait(EXIT_WITHIN))


if __name__ == "__main__":
    main()
