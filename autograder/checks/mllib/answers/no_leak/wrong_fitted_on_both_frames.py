"""The pipeline is fitted on rows of test as well, where these have hours: the imputer and the coefficients have seen what they are asked about."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_what_comes_later_does_not_matter"]


def no_leak(train, test):
    known = train.unionByName(test).where(F.col("hours").isNotNull())
    usual = (
        train.where(F.col("hours").isNotNull())
        .groupBy("courier")
        .agg(F.avg("hours").alias("usual_hours"))
    )

    def prepared(frame):
        weekend = F.dayofweek("dispatched_at").isin(1, 7).cast("double")
        return frame.join(usual, "courier", "left").withColumn("weekend", weekend)

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
