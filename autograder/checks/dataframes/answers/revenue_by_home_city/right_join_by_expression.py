"""Joined by an expression on columns that are named with their frame."""

from pyspark.sql import functions as F


def revenue_by_home_city(orders, customers):
    o, c = orders.alias("o"), customers.alias("c")
    together = c.join(o, F.col("o.customer_id") == F.col("c.customer_id"), "right")
    grouped = together.groupBy(F.col("c.city").alias("home_city"))
    return grouped.agg(
        F.count(F.col("o.order_id")).alias("orders"),
        F.sum(F.col("o.amount_cents")).alias("revenue_cents"),
    )
