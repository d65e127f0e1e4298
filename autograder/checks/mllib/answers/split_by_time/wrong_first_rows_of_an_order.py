"""An order puts null first: the first rows are not those with the earliest times."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def split_by_time(deliveries, cut):
    before = deliveries.where(F.col("dispatched_at") < F.lit(cut).cast("timestamp")).count()
    in_time = deliveries.orderBy("dispatched_at")
    return in_time.limit(before), in_time.offset(before)
