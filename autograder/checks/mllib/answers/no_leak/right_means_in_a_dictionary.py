"""The means of train as plain numbers, filled in by expressions."""

from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F


def no_leak(train, test):
    known = train.where("hours IS NOT NULL")
    means = known.agg(F.mean("distance_km"), F.mean("weight_g"), F.mean("hours"))
    mean_km, mean_weight, mean_hours = means.first()
    of_courier = {
        row["courier"]: row["usual"]
        for row in known.groupBy("courier").agg(F.mean("hours").alias("usual")).collect()
    }

    def features(frame):
        usual = F.lit(mean_hours)
        for courier, hours in of_courier.items():
            usual = F.when(F.col("courier") == courier, hours).otherwise(usual)
        frame = frame.select(
            "*",
            usual.alias("usual"),
            F.coalesce("distance_km", F.lit(mean_km)).alias("km"),
            F.coalesce("weight_g", F.lit(mean_weight)).alias("weight"),
            F.col("distance_km").isNull().alias("no_km"),
            F.col("express").cast("int").alias("fast"),
            (F.weekday("dispatched_at") >= 5).alias("weekend"),
        )
        parts = ["usual", "km", "weight", "no_km", "fast", "weekend"]
        return VectorAssembler(inputCols=parts, outputCol="inputs").transform(frame)

    model = LinearRegression(featuresCol="inputs", labelCol="hours").fit(features(known))
    return model.transform(features(test)).select("order_id", "prediction")
