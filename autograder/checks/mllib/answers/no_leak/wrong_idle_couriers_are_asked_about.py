"""An outer join keeps the couriers of train who have no parcel in test, each as a row of its own: without a parcel, and without anything that the model could look at."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_edges"]


def no_leak(train, test):
    known = train.where(F.col("hours").isNotNull())
    usual = known.groupBy("courier").agg(F.avg("hours").alias("usual_hours"))

    def prepared(frame):
        weekend = F.dayofweek("dispatched_at").isin(1, 7).cast("double")
        return frame.withColumn("weekend", weekend).join(usual, "courier", "outer")

    with_gaps = ["distance_km", "weight_g", "usual_hours"]
    parts = ["km", "grams", "usual", "express", "weekend"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=with_gaps, outputCols=["km", "grams", "usual"]),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(prepared(known))
    return model.transform(prepared(test)).select("order_id", "prediction")
