"""Rows that are dealt out at random have the same weeks on both sides. The model is asked about days that it knows, not about later ones."""

from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression

FAILS = ["test_best", "test_edges"]
SIGN = "randomSplit|CrossValidator|TrainValidationSplit"


def tune(train, test, grid, cut):
    assembler = VectorAssembler(inputCols=["distance_km", "queue"], outputCol="features")
    rmse = RegressionEvaluator(labelCol="hours", metricName="rmse")
    rows = assembler.transform(train)
    early, late = rows.randomSplit([0.7, 0.3], seed=7)

    def fitted(params, frame):
        return LinearRegression(labelCol="hours", **params).fit(frame)

    found = [rmse.evaluate(fitted(params, early).transform(late)) for params in grid]
    best = grid[found.index(min(found))]
    model = fitted(best, rows)
    return {"best": best, "rmse": rmse.evaluate(model.transform(assembler.transform(test)))}
