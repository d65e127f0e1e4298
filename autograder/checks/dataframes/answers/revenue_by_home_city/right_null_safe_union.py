"""Known and unknown homes apart, and put together at the end."""

from pyspark.sql import functions as F


def revenue_by_home_city(orders, customers):
    homes = customers.where("city is not null").select("customer_id", "city")
    known = orders.drop("city").join(homes, "customer_id")
    rest = orders.drop("city").join(homes, "customer_id", "left_anti")

    def summed(frame):
        return frame.agg(F.count("*").alias("orders"), F.sum("amount_cents").alias("revenue_cents"))

    named = known.withColumnRenamed("city", "home_city").groupBy("home_city")
    unknown = summed(rest.withColumn("home_city", F.lit(None).cast("string")).groupBy("home_city"))
    return summed(named).unionByName(unknown)
