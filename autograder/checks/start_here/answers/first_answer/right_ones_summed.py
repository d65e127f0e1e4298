"""A sum of ones, with a filter written in SQL's words and the columns in the other order."""

from pyspark.sql import functions as F


def first_answer(orders):
    ones = orders.filter("city is not null").withColumn("one", F.lit(1))
    summed = ones.groupBy("city").agg(F.sum("one").alias("orders"))
    return summed.select("orders", "city").orderBy("city")
