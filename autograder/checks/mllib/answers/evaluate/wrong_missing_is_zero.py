"""A parcel that has not arrived did not take 0 hours. Its row counts nowhere."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def evaluate(model, train, test):
    (usual,) = train.agg(F.avg("hours")).first()
    arrived = model.transform(test.fillna(0.0, subset=["hours"]))
    error = F.col("prediction") - F.col("hours")
    found = arrived.agg(
        F.sqrt(F.avg(error**2)).alias("rmse"),
        F.avg(F.abs(error)).alias("mae"),
        F.sqrt(F.avg((F.col("hours") - usual) ** 2)).alias("baseline_rmse"),
    )
    return found.first().asDict()
