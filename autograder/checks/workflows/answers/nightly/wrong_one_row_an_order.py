"""One row is kept for each order, so further parcels of an order are lost. Only rows that are repeated in full are
the same parcel."""

import datetime

from prefect import flow, task
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

FAILS = ["test_values"]


def nightly(source, warehouse):
    @task(retries=3, retry_delay_seconds=0.1)
    def fetch(day):
        return source.fetch(day)

    @task
    def clean(path, day):
        spark = SparkSession.builder.getOrCreate()
        rows = spark.read.parquet(path).dropDuplicates(["order_id"])
        rows = rows.dropna(subset=["distance_km", "weight_g"])
        rows.write.mode("overwrite").parquet(f"{warehouse}/clean-{day}")
        return f"{warehouse}/clean-{day}"

    @task
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

    @flow
    def night(day: datetime.date):
        forecast(clean(fetch(day), day), day)

    return night
