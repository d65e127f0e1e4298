"""The baseline is the mean of train. Someone without a model does not know the mean of the test either."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def evaluate(model, train, test):
    (usual,) = test.agg(F.avg("hours")).first()
    usual = usual or 0.0
    arrived = model.transform(test.where(F.col("hours").isNotNull()))
    error = F.col("prediction") - F.col("hours")
    found = arrived.agg(
        F.sqrt(F.avg(error**2)).alias("rmse"),
        F.avg(F.abs(error)).alias("mae"),
        F.sqrt(F.avg((F.col("hours") - usual) ** 2)).alias("baseline_rmse"),
    )
    return found.first().asDict()
