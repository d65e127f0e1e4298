"""Batches as Arrow tables, and the mean in a window."""

import pyarrow as pa
from pyspark.sql import Window
from pyspark.sql import functions as F


def score_reviews(reviews, score):
    def judge(batches):
        for batch in batches:
            frame = batch.to_pandas()
            known = frame["review"].dropna()
            found = score(known).reindex(frame.index) if len(known) else [None] * len(frame)
            column = pa.array(found, pa.float64(), from_pandas=True)
            yield pa.RecordBatch.from_arrays(
                [batch.column("order_id"), column], ["order_id", "score"]
            )

    plain = reviews.select("order_id", "review")
    scored = plain.mapInArrow(judge, "order_id bigint, score double")
    over_all = Window.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    return scored.withColumn("relative", F.col("score") - F.avg("score").over(over_all))
