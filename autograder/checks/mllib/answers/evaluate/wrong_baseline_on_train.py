"""The baseline is judged as the model is: by its errors on the rows of test. This is its error on train, which is only how much the hours of train vary."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def evaluate(model, train, test):
    arrived = model.transform(test.where(F.col("hours").isNotNull()))
    error = F.col("prediction") - F.col("hours")
    found = arrived.agg(
        F.sqrt(F.avg(error**2)).alias("rmse"),
        F.avg(F.abs(error)).alias("mae"),
    )
    (spread,) = train.agg(F.stddev_pop("hours")).first()
    return {**found.first().asDict(), "baseline_rmse": spread}
