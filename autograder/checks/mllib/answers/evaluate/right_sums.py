"""Sums and a count, and the roots in Python; the baseline from moments."""

import math

from pyspark.sql import functions as F


def evaluate(model, train, test):
    scored = model.transform(test.dropna(subset=["hours"]))
    off = F.col("hours") - F.col("prediction")
    sums = scored.agg(
        F.count("*").alias("n"),
        F.sum(off * off).alias("squares"),
        F.sum(F.abs(off)).alias("sizes"),
        F.mean("hours").alias("mean"),
        F.var_pop("hours").alias("variance"),
    ).first()
    if sums["n"] == 0:
        return dict.fromkeys(["rmse", "mae", "baseline_rmse"])
    usual = train.select(F.mean("hours")).first()[0]
    return {
        "rmse": math.sqrt(sums["squares"] / sums["n"]),
        "mae": sums["sizes"] / sums["n"],
        "baseline_rmse": math.sqrt(sums["variance"] + (sums["mean"] - usual) ** 2),
    }
