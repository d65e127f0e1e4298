"""The given program's shape is kept: what comes later is blanked in test before anything is made."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, SQLTransformer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F


def no_leak(train, test):
    known = train.filter(F.col("hours").isNotNull()).drop("delivered_at", "stars")
    asked = test.drop("delivered_at", "stars", "hours")
    usual = known.groupBy("courier").agg(F.avg("hours").alias("usual_hours"))
    pipeline = Pipeline(
        stages=[
            SQLTransformer(
                statement="SELECT *, double(extract(DAYOFWEEK FROM dispatched_at) IN (1, 7)) "
                "AS weekend, double(express) AS fast FROM __THIS__"
            ),
            Imputer(
                inputCols=["distance_km", "weight_g", "usual_hours"],
                outputCols=["km", "grams", "usual"],
            ),
            VectorAssembler(
                inputCols=["km", "grams", "usual", "fast", "weekend"], outputCol="features"
            ),
            LinearRegression(labelCol="hours", solver="normal"),
        ]
    )
    model = pipeline.fit(known.join(F.broadcast(usual), "courier"))
    given = model.transform(asked.join(F.broadcast(usual), ["courier"], "leftouter"))
    return given.select(F.col("order_id"), F.col("prediction"))
