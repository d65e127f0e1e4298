"""A DataFrame with its types said, and back to an RDD."""

from pyspark.sql import functions as F


def revenue_by_city(orders):
    frame = orders.toDF("city string, cents long").where(F.col("city").isNotNull())
    return frame.groupBy("city").agg(F.sum("cents")).rdd.map(tuple)
