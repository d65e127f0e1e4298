"""Submitted tasks and a pipeline; dates as text."""

import datetime

from prefect import flow, task
from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def nightly(source, warehouse):
    @task(retries=3, retry_delay_seconds=0.1)
    def fetch(day):
        return source.fetch(day)

    @task
    def clean(path, day):
        spark = SparkSession.builder.getOrCreate()
        rows = spark.read.parquet(path).dropDuplicates()
        rows = rows.dropna(subset=["distance_km", "weight_g"])
        rows.write.mode("overwrite").parquet(f"{warehouse}/clean-{day}")
        return f"{warehouse}/clean-{day}"

    @task
    def forecast(path, day):
        spark = SparkSession.builder.getOrCreate()
        rows = spark.read.parquet(path)
        rows = rows.withColumn("date", F.date_format("dispatched_at", "yyyy-MM-dd"))
        steps = [
            VectorAssembler().setInputCols(["distance_km", "weight_g"]).setOutputCol("features"),
            LinearRegression().setLabelCol("hours").setPredictionCol("predicted_hours"),
        ]
        known = rows.where(f"date < '{day}'").dropna(subset=["hours"])
        model = Pipeline(stages=steps).fit(known)
        today = model.transform(rows.where(f"date = '{day}'"))
        today = today.select("order_id", "predicted_hours")
        today.write.mode("overwrite").parquet(f"{warehouse}/forecast-{day}")

    @flow
    def night(day: datetime.date):
        path = fetch.submit(day)
        return forecast.submit(clean.submit(path, day), day)

    return night
