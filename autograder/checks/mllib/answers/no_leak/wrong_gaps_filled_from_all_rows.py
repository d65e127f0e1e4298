"""What fills a missing distance is learned from the rows of test, too. So the forecast for one parcel changes with the others that are asked about."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_other_rows_do_not_matter"]


def no_leak(train, test):
    known = train.where(F.col("hours").isNotNull())
    usual = known.groupBy("courier").agg(F.avg("hours").alias("usual_hours"))

    every = train.unionByName(test)
    filler = Imputer(inputCols=["distance_km", "weight_g"], outputCols=["km", "grams"]).fit(every)

    def prepared(frame):
        weekend = F.dayofweek("dispatched_at").isin(1, 7).cast("double")
        return filler.transform(frame).join(usual, "courier", "left").withColumn("weekend", weekend)

    with_gaps = ["usual_hours"]
    parts = ["km", "grams", "usual", "express", "weekend"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=with_gaps, outputCols=["usual"]),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(prepared(known))
    return model.transform(prepared(test)).select("order_id", "prediction")
