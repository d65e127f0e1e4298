"""The context taken from the session, and a comprehension for each partition."""

from pyspark.sql import SparkSession


def with_names(orders, names):
    context = SparkSession.builder.getOrCreate().sparkContext
    b = context.broadcast(names)
    return orders.mapPartitions(lambda part: ((o, b.value.get(c)) for o, c in part))
