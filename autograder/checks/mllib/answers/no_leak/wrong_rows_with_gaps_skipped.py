"""handleInvalid='skip' leaves out the rows with a missing distance, and who sent these gets no forecast."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def no_leak(train, test):
    known = train.where(F.col("hours").isNotNull())
    usual = known.groupBy("courier").agg(F.avg("hours").alias("usual_hours"))

    def prepared(frame):
        weekend = F.dayofweek("dispatched_at").isin(1, 7).cast("double")
        return frame.join(usual, "courier", "left").withColumn("weekend", weekend)

    parts = ["distance_km", "weight_g", "usual_hours", "express", "weekend"]
    model = Pipeline(
        stages=[
            VectorAssembler(inputCols=parts, outputCol="features", handleInvalid="skip"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(prepared(known))
    return model.transform(prepared(test)).select("order_id", "prediction")
