"""Spark's groupBy keeps a group for the rows whose key is missing, where pandas drops it. Leave out
the orders without a city."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def first_answer(orders):
    return orders.groupBy("city").agg(F.count("*").alias("orders"))
