"""Param maps built from the grid, and one pass with fit(frame, maps)."""

from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F


def tune(train, test, grid, cut):
    inputs = VectorAssembler(inputCols=["distance_km", "queue"], outputCol="features")
    vectors = inputs.transform(train).cache()
    before = vectors.filter(F.col("dispatched_at") < F.to_timestamp(F.lit(cut)))
    after = vectors.filter(~(F.col("dispatched_at") < F.to_timestamp(F.lit(cut))))
    line = LinearRegression(labelCol="hours")
    maps = [{getattr(line, name): value for name, value in params.items()} for params in grid]
    evaluator = RegressionEvaluator(labelCol="hours")
    scores = [evaluator.evaluate(model.transform(after)) for model in line.fit(before, maps)]
    best = min(range(len(grid)), key=scores.__getitem__)
    final = line.fit(vectors, maps[best])
    return {
        "best": dict(grid[best]),
        "rmse": evaluator.evaluate(final.transform(inputs.transform(test))),
    }
