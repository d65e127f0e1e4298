"""A missing review was scored as an empty text, and its score went into the mean."""

import pandas as pd
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def score_reviews(reviews, score):
    @F.pandas_udf("double")
    def scores(texts: pd.Series) -> pd.Series:
        return score(texts.fillna(""))

    scored = reviews.select("order_id", scores("review").alias("score"))
    mean = scored.agg(F.avg("score").alias("mean"))
    return scored.crossJoin(F.broadcast(mean)).select(
        "order_id", "score", (F.col("score") - F.col("mean")).alias("relative")
    )
