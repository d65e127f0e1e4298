"""Whole days are compared: what left on the day of the cut, but before it, lands in test."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def split_by_time(deliveries, cut):
    left, day = F.to_date("dispatched_at"), F.to_date(F.lit(cut))
    return deliveries.where(left < day), deliveries.where(left.isNull() | (left >= day))
