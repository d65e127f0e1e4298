"""The rows are still in the cache when the function has returned, and take room from every program that comes after."""

from pyspark.sql import functions as F

FAILS = ["test_let_go"]


def daily_report(events, save):
    people = events.where(F.col("device") != "bot")
    kept = people.select(
        "customer_id", F.hour("clicked_at").alias("hour"), "page", "device", "seconds"
    ).cache()
    pages = kept.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    save("pages", pages)
    save("devices", kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors")))
    save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
