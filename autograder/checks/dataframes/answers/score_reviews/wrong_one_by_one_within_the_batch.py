"""The function is given a whole Series, and hands its texts to the model one after the other."""

import pandas as pd
from pyspark.sql import functions as F

FAILS = ["test_many_texts_at_a_time"]
SIGN = "\\.map\\("


def score_reviews(reviews, score):
    @F.pandas_udf("double")
    def scores(texts: pd.Series) -> pd.Series:
        return texts.map(lambda text: score(pd.Series([text])).iloc[0], na_action="ignore").astype(
            "float64"
        )

    scored = reviews.select("order_id", scores("review").alias("score"))
    mean = scored.agg(F.avg("score").alias("mean"))
    return scored.crossJoin(F.broadcast(mean)).select(
        "order_id", "score", (F.col("score") - F.col("mean")).alias("relative")
    )
