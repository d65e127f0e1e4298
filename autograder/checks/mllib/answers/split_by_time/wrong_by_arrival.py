"""It is split by when a parcel arrived, and not by when it left."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def split_by_time(deliveries, cut):
    name = "delivered_at" if "delivered_at" in deliveries.columns else "hours"
    before = F.col(name).cast("string") < cut
    return deliveries.where(before), deliveries.where(before.isNull() | ~before)
