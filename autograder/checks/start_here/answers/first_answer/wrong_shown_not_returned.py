"""show prints rows and returns None. What a cell or a function shows is for your eyes; the caller
gets what stands after return."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def first_answer(orders):
    known = orders.where(F.col("city").isNotNull())
    return known.groupBy("city").agg(F.count("*").alias("orders")).show(3)
