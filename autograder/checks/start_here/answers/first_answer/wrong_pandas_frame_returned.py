"""This is a pandas frame, with its rows in the driver. The task asks for a Spark DataFrame: leave out
toPandas."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def first_answer(orders):
    known = orders.where(F.col("city").isNotNull())
    return known.groupBy("city").agg(F.count("*").alias("orders")).toPandas()
