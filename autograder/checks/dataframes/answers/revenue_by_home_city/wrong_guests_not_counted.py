"""count("customer_id") counts the orders that have one: a guest brings revenue here, and no order. count("*") counts rows."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def revenue_by_home_city(orders, customers):
    homes = customers.select("customer_id", F.col("city").alias("home_city"))
    together = orders.drop("city").join(homes, "customer_id", "left")
    return together.groupBy("home_city").agg(
        F.count("customer_id").alias("orders"), F.sum("amount_cents").alias("revenue_cents")
    )
