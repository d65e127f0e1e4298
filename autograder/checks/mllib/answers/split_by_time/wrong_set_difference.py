"""subtract is a difference of sets: rows that are alike become one."""

from pyspark.sql import functions as F

FAILS = ["test_edges"]


def split_by_time(deliveries, cut):
    train = deliveries.where(F.col("dispatched_at") < F.lit(cut).cast("timestamp"))
    return train, deliveries.subtract(train)
