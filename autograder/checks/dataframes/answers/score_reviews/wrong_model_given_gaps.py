"""Nulls come into a pandas UDF like any other value, and the model cannot take them."""

import pandas as pd
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def score_reviews(reviews, score):
    @F.pandas_udf("double")
    def scores(texts: pd.Series) -> pd.Series:
        return score(texts)

    scored = reviews.select("order_id", scores("review").alias("score"))
    mean = scored.agg(F.avg("score").alias("mean"))
    return scored.crossJoin(F.broadcast(mean)).select(
        "order_id", "score", (F.col("score") - F.col("mean")).alias("relative")
    )
