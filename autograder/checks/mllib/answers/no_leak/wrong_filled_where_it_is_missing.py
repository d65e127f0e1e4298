"""A model that learned from delivered_at trusts it. On the night it is missing, and a filled-in number is as good as noise: the forecasts are far off."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_values"]


def no_leak(train, test):
    known = train.where(F.col("hours").isNotNull())
    usual = known.groupBy("courier").agg(F.avg("hours").alias("usual_hours"))

    def prepared(frame):
        weekend = F.dayofweek("dispatched_at").isin(1, 7).cast("double")
        seconds = F.unix_timestamp("delivered_at") - F.unix_timestamp("dispatched_at")
        frame = frame.withColumn("days", seconds / 86_400)
        return frame.join(usual, "courier", "left").withColumn("weekend", weekend)

    with_gaps = ["distance_km", "weight_g", "usual_hours", "days"]
    parts = ["km", "grams", "usual", "filled", "express", "weekend"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=with_gaps, outputCols=["km", "grams", "usual", "filled"]),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(prepared(known))
    return model.transform(prepared(test)).select("order_id", "prediction")
