"""One estimator that is copied with other parameters, and a running minimum."""

from pyspark.ml import Pipeline
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression


def tune(train, test, grid, cut):
    line = LinearRegression(labelCol="hours")
    inputs = VectorAssembler(inputCols=["distance_km", "queue"], outputCol="features")
    pipeline = Pipeline(stages=[inputs, line])
    evaluator = RegressionEvaluator(labelCol="hours", metricName="mse")
    early = train.where(f"dispatched_at < timestamp '{cut}'")
    late = train.where(f"dispatched_at >= timestamp '{cut}'")
    best, least = None, float("inf")
    for params in grid:
        given = {line.getParam(name): value for name, value in params.items()}
        error = evaluator.evaluate(pipeline.fit(early, given).transform(late))
        if error < least:
            best, least = (params, given), error
    params, given = best
    on_test = pipeline.copy(given).fit(train).transform(test)
    return {"best": params, "rmse": evaluator.evaluate(on_test) ** 0.5}
