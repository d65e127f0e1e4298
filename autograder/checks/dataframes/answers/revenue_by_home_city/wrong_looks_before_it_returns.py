"""To look at the rows, show ran the whole join and group; and when the rows are asked for, they run again."""

from pyspark.sql import functions as F

FAILS = ["test_lazy"]
SIGN = r"\.show\("


def revenue_by_home_city(orders, customers):
    homes = customers.select("customer_id", F.col("city").alias("home_city"))
    together = orders.drop("city").join(homes, "customer_id", "left")
    result = together.groupBy("home_city").agg(
        F.count("*").alias("orders"), F.sum("amount_cents").alias("revenue_cents")
    )
    result.show(5)
    return result
