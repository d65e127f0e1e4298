"""One column says which side a row is on, and is dropped again."""

from pyspark.sql import functions as F


def split_by_time(deliveries, cut):
    before = F.coalesce(F.col("dispatched_at") < F.to_timestamp(F.lit(cut)), F.lit(False))
    marked = deliveries.withColumn("before the cut", before)
    train = marked.where("`before the cut`").drop("before the cut")
    test = marked.where("NOT `before the cut`").drop("before the cut")
    return train, test
