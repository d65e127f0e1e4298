"""An iterator of Series, and the mean from a window over all rows."""

from collections.abc import Iterator

import pandas as pd
from pyspark.sql import Window
from pyspark.sql import functions as F


def score_reviews(reviews, score):
    def each(batches: Iterator[pd.Series]) -> Iterator[pd.Series]:
        for texts in batches:
            known = texts[texts.notna()]
            result = pd.Series(float("nan"), index=texts.index)
            if len(known):
                result.loc[known.index] = score(known)
            yield result

    scores = F.pandas_udf(each, "double")
    scored = reviews.select("order_id", scores("review").alias("score"))
    mean = F.avg("score").over(Window.partitionBy(F.lit(1)))
    return scored.withColumn("relative", F.col("score") - mean)
