"""An inner join leaves out the orders whose customer was not found: those of guests, and of customers who are gone."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def revenue_by_home_city(orders, customers):
    homes = customers.select("customer_id", F.col("city").alias("home_city"))
    together = orders.select("customer_id", "amount_cents").join(homes, "customer_id")
    return together.groupBy("home_city").agg(
        F.count("*").alias("orders"), F.sum("amount_cents").alias("revenue_cents")
    )
