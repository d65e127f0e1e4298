"""Pairs in an RDD, added up by key, and a frame with a stated schema."""


def first_answer(orders):
    pairs = orders.select("city").rdd.filter(lambda row: row.city is not None)
    counted = pairs.map(lambda row: (row.city, 1)).reduceByKey(lambda one, other: one + other)
    return orders.sparkSession.createDataFrame(counted, "city string, orders long")
