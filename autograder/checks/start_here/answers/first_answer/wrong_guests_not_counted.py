"""count of a column counts the rows in which it has a value. Orders of guests have no customer_id,
and so they are missing here: count rows."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def first_answer(orders):
    known = orders.where(F.col("city").isNotNull())
    return known.groupBy("city").agg(F.count("customer_id").alias("orders"))
