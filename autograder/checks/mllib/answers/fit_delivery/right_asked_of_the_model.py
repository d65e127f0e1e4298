"""The effects are asked of the model: how far a forecast moves when one thing is changed."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import (
    Imputer,
    OneHotEncoder,
    SQLTransformer,
    StandardScaler,
    StringIndexer,
    VectorAssembler,
)
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F


def fit_delivery(train, base):
    known = train.where(F.col("hours").isNotNull()).repartition(3)
    numbers = ["km", "kg", "express", "weekend"]
    model = Pipeline(
        stages=[
            SQLTransformer(statement="SELECT *, weight_g / 1000 AS kilos FROM __THIS__"),
            Imputer(inputCols=["distance_km", "kilos"], outputCols=["km", "kg"]),
            StringIndexer(inputCol="courier", outputCol="place", stringOrderType="alphabetAsc"),
            OneHotEncoder(inputCol="place", outputCol="which"),
            VectorAssembler(inputCols=[*numbers, "which"], outputCol="raw"),
            StandardScaler(inputCol="raw", outputCol="features"),
            LinearRegression(labelCol="hours", standardization=False, maxIter=500, tol=1e-9),
        ]
    ).fit(known)
    couriers = model.stages[2].labels
    asked = {
        "start": (base, 0.0, 0.0, False, False),
        "per_100_km": (base, 100.0, 0.0, False, False),
        "per_kg": (base, 0.0, 1000.0, False, False),
        "express": (base, 0.0, 0.0, True, False),
        "weekend": (base, 0.0, 0.0, False, True),
    }
    asked |= {name: (name, 0.0, 0.0, False, False) for name in couriers}
    columns = "name string, courier string, distance_km double, weight_g double, "
    columns += "express boolean, weekend boolean"
    rows = [(name, *of) for name, of in asked.items()]
    questions = train.sparkSession.createDataFrame(rows, columns)
    told = {row.name: row.prediction for row in model.transform(questions).collect()}
    return model, {
        name: hours if name == "start" else hours - told["start"] for name, hours in told.items()
    }
