"""Which courier it is, is known when the parcel leaves. Only the way in which its mean was taken leaked; without it the forecasts are worse."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_values"]


def no_leak(train, test):
    known = train.where(F.col("hours").isNotNull())

    def prepared(frame):
        weekend = F.dayofweek("dispatched_at").isin(1, 7).cast("double")
        return frame.withColumn("weekend", weekend)

    with_gaps = ["distance_km", "weight_g"]
    parts = ["km", "grams", "express", "weekend"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=with_gaps, outputCols=["km", "grams"]),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(prepared(known))
    return model.transform(prepared(test)).select("order_id", "prediction")
