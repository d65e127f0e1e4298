"""Something is among the features that is known only after the parcel has come."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, OneHotEncoder, StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]
# The parcels to forecast have no such column. Which ones they have depends on the pipeline.
RAISES = "No such struct field `hours`"


def fit_delivery(train, base):
    known = train.where(F.col("hours").isNotNull())
    numbers = ["km", "grams", "express", "weekend", "hours"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=["distance_km", "weight_g"], outputCols=["km", "grams"]),
            StringIndexer(inputCol="courier", outputCol="place"),
            OneHotEncoder(inputCol="place", outputCol="which"),
            VectorAssembler(inputCols=[*numbers, "which"], outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(known)
    numbers = [float(one) for one in model.stages[-1].coefficients] + [0.0]
    couriers = dict(zip(model.stages[1].labels, numbers[5:], strict=True))
    effects = {name: hours - couriers[base] for name, hours in couriers.items()}
    effects["start"] = float(model.stages[-1].intercept) + couriers[base]
    effects["per_100_km"], effects["per_kg"] = numbers[0] * 100, numbers[1] * 1000
    effects["express"], effects["weekend"] = numbers[2:4]
    return model, effects
