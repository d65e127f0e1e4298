"""A pipeline for each dictionary, fitted in threads; the error is taken by agg."""

from concurrent.futures import ThreadPoolExecutor

from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F


def tune(train, test, grid, cut):
    is_early = F.col("dispatched_at") < F.lit(cut).cast("timestamp")
    early, late = train.where(is_early), train.where(~is_early)

    def model(params, rows):
        line = LinearRegression(labelCol="hours").setRegParam(params["regParam"])
        line = line.setElasticNetParam(params["elasticNetParam"])
        inputs = VectorAssembler(inputCols=["queue", "distance_km"], outputCol="features")
        return Pipeline(stages=[inputs, line]).fit(rows)

    def rmse(fitted, rows):
        squares = (F.col("hours") - F.col("prediction")) ** 2
        return fitted.transform(rows).select(F.sqrt(F.mean(squares))).first()[0]

    with ThreadPoolExecutor(2) as pool:
        errors = list(pool.map(lambda params: rmse(model(params, early), late), grid))
    _, best = min(zip(errors, grid, strict=True), key=lambda pair: pair[0])
    return {"best": best, "rmse": rmse(model(best, train), test)}
