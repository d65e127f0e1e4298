"""A full outer join adds a row for each customer who ordered nothing, and it is counted as an order."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def revenue_by_home_city(orders, customers):
    homes = customers.select("customer_id", F.col("city").alias("home_city"))
    together = orders.drop("city").join(homes, "customer_id", "outer")
    return together.groupBy("home_city").agg(
        F.count("*").alias("orders"), F.sum("amount_cents").alias("revenue_cents")
    )
