"""A click without a device does not count: the program that was given leaves it out, for null != "bot" is not true."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def daily_report(events, save):
    people = events.where(F.col("device").isNull() | (F.col("device") != "bot"))
    kept = people.select(
        "customer_id", F.hour("clicked_at").alias("hour"), "page", "device", "seconds"
    ).cache()
    pages = kept.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    save("pages", pages)
    save("devices", kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors")))
    save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
    kept.unpersist()
