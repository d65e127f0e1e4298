"""Joined by an expression, the frame has two columns called city and two called customer_id, and Spark does not know which is meant. Join by the name of the key, and rename before the join."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]
RAISES = "Reference `(city|customer_id)` is ambiguous"


def revenue_by_home_city(orders, customers):
    together = orders.join(customers, orders.customer_id == customers.customer_id, "left")
    return (
        together.groupBy("city")
        .agg(F.count("*").alias("orders"), F.sum("amount_cents").alias("revenue_cents"))
        .withColumnRenamed("city", "home_city")
    )
