"""The model is called with one text at a time: a plain UDF sees one row, and a Series has to be made for each."""

import pandas as pd
from pyspark.sql import functions as F

FAILS = ["test_many_texts_at_a_time"]
SIGN = "F\\.udf"


def score_reviews(reviews, score):
    @F.udf("double")
    def scores(text):
        return None if text is None else float(score(pd.Series([text])).iloc[0])

    scored = reviews.select("order_id", scores("review").alias("score"))
    mean = scored.agg(F.avg("score").alias("mean"))
    return scored.crossJoin(F.broadcast(mean)).select(
        "order_id", "score", (F.col("score") - F.col("mean")).alias("relative")
    )
