"""Deliveries without a review are asked for, too, with null for a score: here they are gone."""

import pandas as pd
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def score_reviews(reviews, score):
    @F.pandas_udf("double")
    def scores(texts: pd.Series) -> pd.Series:
        known = texts.dropna()
        return score(known).reindex(texts.index) if len(known) else known.reindex(texts.index)

    scored = reviews.dropna(subset=["review"]).select("order_id", scores("review").alias("score"))
    mean = scored.agg(F.avg("score").alias("mean"))
    return scored.crossJoin(F.broadcast(mean)).select(
        "order_id", "score", (F.col("score") - F.col("mean")).alias("relative")
    )
