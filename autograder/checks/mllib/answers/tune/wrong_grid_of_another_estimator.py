"""The parameters belong to another LinearRegression than the one that is fitted. Such a map is ignored without a word, so every fit is the same."""

from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_best", "test_edges"]
SIGN = "getParam|addGrid"


def tune(train, test, grid, cut):
    assembler = VectorAssembler(inputCols=["distance_km", "queue"], outputCol="features")
    rmse = RegressionEvaluator(labelCol="hours", metricName="rmse")
    at = F.lit(cut).cast("timestamp")
    rows = assembler.transform(train)
    early, late = rows.where(F.col("dispatched_at") < at), rows.where(F.col("dispatched_at") >= at)

    def fitted(params, frame):
        other = LinearRegression(labelCol="hours")
        given = {other.getParam(name): value for name, value in params.items()}
        return LinearRegression(labelCol="hours").fit(frame, given)

    found = [rmse.evaluate(fitted(params, early).transform(late)) for params in grid]
    best = grid[found.index(min(found))]
    model = fitted(best, rows)
    return {"best": best, "rmse": rmse.evaluate(model.transform(assembler.transform(test)))}
