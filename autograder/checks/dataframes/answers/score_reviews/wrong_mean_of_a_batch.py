"""A pandas UDF is given a batch, not the column: the mean that it takes is that of some thousand rows."""

import pandas as pd
from pyspark.sql import functions as F

FAILS = ["test_values"]


def score_reviews(reviews, score):
    @F.pandas_udf("score double, relative double")
    def scores(texts: pd.Series) -> pd.DataFrame:
        known = texts.dropna()
        found = score(known).reindex(texts.index) if len(known) else known.reindex(texts.index)
        found = found.astype("float64")
        return pd.DataFrame({"score": found, "relative": found - found.mean()})

    both = reviews.select("order_id", scores("review").alias("both"))
    return both.select("order_id", "both.score", "both.relative")
