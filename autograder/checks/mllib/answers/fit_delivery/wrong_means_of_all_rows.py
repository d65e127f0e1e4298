"""The means are taken of all rows, of those that have not arrived, too."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, OneHotEncoder, StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def fit_delivery(train, base):
    imputer = Imputer(inputCols=["distance_km", "weight_g"], outputCols=["km", "grams"]).fit(train)
    known = train.where(F.col("hours").isNotNull())
    numbers = ["km", "grams", "express", "weekend"]
    model = Pipeline(
        stages=[
            imputer,
            StringIndexer(inputCol="courier", outputCol="place"),
            OneHotEncoder(inputCol="place", outputCol="which"),
            VectorAssembler(inputCols=[*numbers, "which"], outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(known)
    numbers = [float(one) for one in model.stages[-1].coefficients] + [0.0]
    couriers = dict(zip(model.stages[1].labels, numbers[4:], strict=True))
    effects = {name: hours - couriers[base] for name, hours in couriers.items()}
    effects["start"] = float(model.stages[-1].intercept) + couriers[base]
    effects["per_100_km"], effects["per_kg"] = numbers[0] * 100, numbers[1] * 1000
    effects["express"], effects["weekend"] = numbers[2:4]
    return model, effects
