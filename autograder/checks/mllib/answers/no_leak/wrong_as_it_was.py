"""days and slow are made of delivered_at, which is null while a parcel is on its way: the assembler finds no number there. The column leaks, and so do stars, the means over both frames, and the fit on both."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def no_leak(train, test):
    """Forecasts for the parcels of `test`, learned from `train`."""
    both = train.withColumn("asked", F.lit(False)).unionByName(
        test.withColumn("asked", F.lit(True))
    )
    usual = both.groupBy("courier").agg(F.avg("hours").alias("usual_hours"))
    rows = both.join(usual, "courier", "left")
    rows = rows.withColumn("weekend", F.dayofweek("dispatched_at").isin(1, 7).cast("double"))
    seconds = F.unix_timestamp("delivered_at") - F.unix_timestamp("dispatched_at")
    rows = rows.withColumn("days", seconds / 86_400)
    rows = rows.withColumn("slow", (F.col("days") > 1.5).cast("double"))

    with_gaps = ["distance_km", "weight_g", "usual_hours", "stars"]
    parts = ["km", "grams", "usual", "judged", "express", "weekend", "days", "slow"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=with_gaps, outputCols=["km", "grams", "usual", "judged"]),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(rows.where(F.col("hours").isNotNull()))
    return model.transform(rows.where("asked")).select("order_id", "prediction")
