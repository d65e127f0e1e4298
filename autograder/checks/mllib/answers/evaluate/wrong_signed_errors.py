"""Parcels that come late and parcels that come early make up for each other here. The mean absolute error leaves the signs out, each by each."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def evaluate(model, train, test):
    (usual,) = train.agg(F.avg("hours")).first()
    arrived = model.transform(test.where(F.col("hours").isNotNull()))
    error = F.col("prediction") - F.col("hours")
    found = arrived.agg(
        F.sqrt(F.avg(error**2)).alias("rmse"),
        F.abs(F.avg(error)).alias("mae"),
        F.sqrt(F.avg((F.col("hours") - usual) ** 2)).alias("baseline_rmse"),
    )
    return found.first().asDict()
