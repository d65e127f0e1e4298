"""For each dictionary of the grid the test is computed, if only to look. Who looks chooses by it in the end; and each look costs a pass over its rows."""

from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

FAILS = ["test_the_test_waits"]


def tune(train, test, grid, cut):
    assembler = VectorAssembler(inputCols=["distance_km", "queue"], outputCol="features")
    rmse = RegressionEvaluator(labelCol="hours", metricName="rmse")
    at = F.lit(cut).cast("timestamp")
    rows = assembler.transform(train)
    early, late = rows.where(F.col("dispatched_at") < at), rows.where(F.col("dispatched_at") >= at)

    def fitted(params, frame):
        return LinearRegression(labelCol="hours", **params).fit(frame)

    tested = assembler.transform(test)
    models = [fitted(params, early) for params in grid]
    found = [rmse.evaluate(model.transform(late)) for model in models]
    print([rmse.evaluate(model.transform(tested)) for model in models])
    best = grid[found.index(min(found))]
    model = fitted(best, rows)
    return {"best": best, "rmse": rmse.evaluate(model.transform(tested))}
