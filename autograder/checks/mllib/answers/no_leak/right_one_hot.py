"""A number for each courier instead of a mean; a courier that train lacks has none of them."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, OneHotEncoder, StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F


def no_leak(train, test):
    known_early = ["order_id", "courier", "distance_km", "weight_g", "express", "weekend"]

    def early(frame):
        weekend = F.date_format("dispatched_at", "E").isin("Sat", "Sun").cast("double")
        return frame.withColumn("weekend", weekend)

    known = early(train.dropna(subset=["hours"])).select(*known_early, "hours")
    stages = [
        Imputer(
            inputCols=["distance_km", "weight_g"], outputCols=["km", "grams"], strategy="median"
        ),
        StringIndexer(inputCol="courier", outputCol="place", handleInvalid="keep"),
        OneHotEncoder(inputCol="place", outputCol="which"),
        VectorAssembler(
            inputCols=["km", "grams", "express", "weekend", "which"], outputCol="features"
        ),
        LinearRegression(labelCol="hours", regParam=0.001),
    ]
    model = Pipeline(stages=stages).fit(known)
    return model.transform(early(test).select(*known_early)).select("order_id", "prediction")
