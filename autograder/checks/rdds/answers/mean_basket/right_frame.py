"""Spark SQL, and back to an RDD."""


def mean_basket(orders):
    orders.toDF("city string, cents long").createOrReplaceTempView("baskets")
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    means = session.sql("select city, avg(cents) from baskets where city is not null group by city")
    return means.rdd.map(tuple)
