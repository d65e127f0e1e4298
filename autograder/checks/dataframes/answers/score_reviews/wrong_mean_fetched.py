"""The mean was fetched to the driver, which runs the model over all reviews before anyone asked for a row, and once more afterwards."""

import pandas as pd
from pyspark.sql import functions as F

FAILS = ["test_lazy"]
SIGN = "first\\(\\)|collect\\(\\)"


def score_reviews(reviews, score):
    @F.pandas_udf("double")
    def scores(texts: pd.Series) -> pd.Series:
        known = texts.dropna()
        return score(known).reindex(texts.index) if len(known) else known.reindex(texts.index)

    scored = reviews.select("order_id", scores("review").alias("score"))
    mean = scored.agg(F.avg("score")).first()[0]
    return scored.withColumn("relative", F.col("score") - F.lit(mean))
