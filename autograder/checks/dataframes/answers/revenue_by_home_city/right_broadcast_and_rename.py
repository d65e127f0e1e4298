"""Spark SQL within a frame of renamed columns, with a broadcast hint."""

from pyspark.sql import functions as F


def revenue_by_home_city(orders, customers):
    homes = F.broadcast(customers.toDF("customer_id", "home_city", "segment").drop("segment"))
    together = orders.join(homes, ["customer_id"], "left").drop("city")
    counted = together.withColumn("orders", F.lit(1))
    return (
        counted.groupBy("home_city")
        .sum("orders", "amount_cents")
        .toDF("home_city", "orders", "revenue_cents")
    )
