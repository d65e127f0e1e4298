"""Every row of the test travels to the driver, for three numbers. Spark can take the means where the rows are."""

from pyspark.sql import functions as F

FAILS = ["test_rows_stay_where_they_are"]
SIGN = r"toPandas|collect\(|toLocalIterator|toArrow"


def evaluate(model, train, test):
    (usual,) = train.agg(F.avg("hours")).first()
    rows = model.transform(test).select("hours", "prediction").toPandas().dropna()
    if rows.empty:
        return {"rmse": None, "mae": None, "baseline_rmse": None}
    error = rows["prediction"] - rows["hours"]
    return {
        "rmse": float((error**2).mean() ** 0.5),
        "mae": float(error.abs().mean()),
        "baseline_rmse": float(((rows["hours"] - usual) ** 2).mean() ** 0.5),
    }
