"""Rows that left at the cut itself belong to the later rows alone. Here the model is fitted on them as well, and knows them."""

from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_edges"]


def tune(train, test, grid, cut):
    assembler = VectorAssembler(inputCols=["distance_km", "queue"], outputCol="features")
    rmse = RegressionEvaluator(labelCol="hours", metricName="rmse")
    at = F.lit(cut).cast("timestamp")
    rows = assembler.transform(train)
    early, late = rows.where(F.col("dispatched_at") <= at), rows.where(F.col("dispatched_at") >= at)

    def fitted(params, frame):
        return LinearRegression(labelCol="hours", **params).fit(frame)

    found = [rmse.evaluate(fitted(params, early).transform(late)) for params in grid]
    best = grid[found.index(min(found))]
    model = fitted(best, rows)
    return {"best": best, "rmse": rmse.evaluate(model.transform(assembler.transform(test)))}
