"""MLlib's own evaluator, and the baseline as a prediction of its own."""

from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.sql import functions as F


def evaluate(model, train, test):
    scored = model.transform(test).where("hours IS NOT NULL")
    if scored.isEmpty():
        return {"rmse": None, "mae": None, "baseline_rmse": None}
    usual = train.agg(F.mean("hours")).first()[0]
    scored = scored.withColumn("usual", F.lit(usual))
    evaluator = RegressionEvaluator(labelCol="hours")

    def of(column, metric):
        params = {evaluator.predictionCol: column, evaluator.metricName: metric}
        return evaluator.evaluate(scored, params)

    return {
        "rmse": of("prediction", "rmse"),
        "mae": of("prediction", "mae"),
        "baseline_rmse": of("usual", "rmse"),
    }
