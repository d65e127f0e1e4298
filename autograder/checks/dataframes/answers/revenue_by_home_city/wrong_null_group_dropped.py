"""pandas leaves the group of the missing key out, and Spark keeps it; here it was dropped, with the orders that it counts."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def revenue_by_home_city(orders, customers):
    homes = customers.select("customer_id", F.col("city").alias("home_city"))
    together = orders.drop("city").join(homes, "customer_id", "left").dropna(subset=["home_city"])
    return together.groupBy("home_city").agg(
        F.count("*").alias("orders"), F.sum("amount_cents").alias("revenue_cents")
    )
