"""Known reviews are scored, and the others get null; both are put together."""

import pandas as pd
from pyspark.sql import functions as F


def score_reviews(reviews, score):
    def of(texts: pd.Series) -> pd.Series:
        return score(texts)

    scores = F.pandas_udf(of, "double")
    known = reviews.where("review is not null").withColumn("score", scores("review"))
    known = known.select("order_id", "score")
    silent = reviews.where("review is null").select(
        "order_id",
        F.lit(None).cast("double").alias("score"),
        F.lit(None).cast("double").alias("relative"),
    )
    mean = known.groupBy().agg(F.mean("score").alias("mean"))
    judged = known.join(mean).selectExpr("order_id", "score", "score - mean AS relative")
    return judged.union(silent)
