"""The cleaning in pandas and the forecast of the few rows written by pandas; MLlib fits."""

import datetime
from pathlib import Path

import pandas as pd
from prefect import flow, task
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import SparkSession


def nightly(source, warehouse):
    @task(retries=3, retry_delay_seconds=0.1)
    def fetch(day):
        return source.fetch(day)

    @task
    def clean(path):
        rows = pd.read_parquet(path).drop_duplicates()
        return rows.dropna(subset=["distance_km", "weight_g"])

    @task
    def fit(rows, day):
        spark = SparkSession.builder.getOrCreate()
        known = rows[(rows["dispatched_at"].dt.date < day) & rows["hours"].notna()]
        frame = spark.createDataFrame(known[["distance_km", "weight_g", "hours"]].astype(float))
        columns = ["distance_km", "weight_g"]
        frame = VectorAssembler(inputCols=columns, outputCol="features").transform(frame)
        model = LinearRegression(labelCol="hours").fit(frame)
        return [float(one) for one in model.coefficients], model.intercept

    @task
    def write(rows, model, day):
        (km, gram), start = model
        today = rows[rows["dispatched_at"].dt.date == day]
        hours = start + km * today["distance_km"] + gram * today["weight_g"]
        folder = Path(warehouse) / f"forecast-{day}"
        folder.mkdir(exist_ok=True)
        today[["order_id"]].assign(predicted_hours=hours).to_parquet(folder / "part.parquet")

    @flow
    def night(day: datetime.date):
        rows = clean(fetch(day))
        write(rows, fit(rows, day), day)

    return night
