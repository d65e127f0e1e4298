"""Spark does the shuffle, and the partitions are measured."""

from pyspark.sql import SparkSession


def partition_sizes(keys, n):
    context = SparkSession.builder.getOrCreate().sparkContext
    rows = context.parallelize([(key, None) for key in keys], 2).partitionBy(n)
    sizes = rows.glom().map(len).collect()
    return {"sizes": sizes, "slowdown": max(sizes) * n / len(keys) if keys else 1.0}
