"""Spark SQL, and the model is saved by one task and loaded by the next."""

import datetime

from prefect import flow, task
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression, LinearRegressionModel
from pyspark.sql import SparkSession


def nightly(source, warehouse):
    def spark():
        return SparkSession.builder.getOrCreate()

    @task(retries=3, retry_delay_seconds=[0.1])
    def fetch(day: datetime.date) -> str:
        return str(source.fetch(day))

    @task
    def clean(path: str, day: datetime.date) -> str:
        query = "select distinct * from raw where distance_km is not null and weight_g is not null"
        spark().read.parquet(path).createOrReplaceTempView("raw")
        spark().sql(query).write.parquet(f"{warehouse}/clean.parquet", mode="overwrite")
        return f"{warehouse}/clean.parquet"

    def features(rows):
        columns = ["distance_km", "weight_g"]
        return VectorAssembler(inputCols=columns, outputCol="x").transform(rows)

    @task
    def train(path: str, day: datetime.date) -> str:
        rows = features(spark().read.parquet(path))
        rows = rows.filter(f"hours is not null and cast(dispatched_at as date) < date'{day}'")
        learner = LinearRegression(featuresCol="x", labelCol="hours")
        learner.fit(rows).write().overwrite().save(f"{warehouse}/model-{day}")
        return f"{warehouse}/model-{day}"

    @task
    def score(path: str, saved: str, day: datetime.date) -> None:
        rows = spark().read.parquet(path).filter(f"cast(dispatched_at as date) = date'{day}'")
        found = LinearRegressionModel.load(saved).transform(features(rows))
        found = found.selectExpr("order_id", "prediction as predicted_hours")
        found.write.parquet(f"{warehouse}/forecast-{day}", mode="overwrite")

    @flow
    def night(day: datetime.date):
        cleaned = clean(fetch(day), day)
        score(cleaned, train(cleaned, day), day)

    return night
