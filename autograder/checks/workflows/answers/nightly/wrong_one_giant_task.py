"""One task does it all, so a source that fails for a moment has everything tried again, and a failed night shows no
step. Make a task of each step."""

import datetime

from prefect import flow, task
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

FAILS = ["test_in_tasks"]


def nightly(source, warehouse):
    def fetch(day):
        return source.fetch(day)

    def clean(path, day):
        spark = SparkSession.builder.getOrCreate()
        rows = spark.read.parquet(path).dropDuplicates()
        rows = rows.dropna(subset=["distance_km", "weight_g"])
        rows.write.mode("overwrite").parquet(f"{warehouse}/clean-{day}")
        return f"{warehouse}/clean-{day}"

    def forecast(path, day):
        spark = SparkSession.builder.getOrCreate()
        assembler = VectorAssembler(inputCols=["distance_km", "weight_g"], outputCol="features")
        rows = assembler.transform(spark.read.parquet(path))
        date = F.to_date("dispatched_at")
        known = rows.where((date < F.lit(day)) & F.col("hours").isNotNull())
        model = LinearRegression(labelCol="hours", predictionCol="predicted_hours").fit(known)
        today = model.transform(rows.where(date == F.lit(day)))
        today = today.select("order_id", "predicted_hours")
        today.write.mode("overwrite").parquet(f"{warehouse}/forecast-{day}")

    @task(retries=3, retry_delay_seconds=0.1)
    def whole(day):
        forecast(clean(fetch(day), day), day)

    @flow
    def night(day: datetime.date):
        whole(day)

    return night
