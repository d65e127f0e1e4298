"""The first report was saved before anything was kept, so the parser ran for it, and once more to fill the cache."""

from pyspark.sql import functions as F

FAILS = ["test_parsed_once"]
SIGN = "save\\(.pages[\\s\\S]*cache\\("


def daily_report(events, save):
    people = events.where(F.col("device") != "bot")
    pages = people.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    save("pages", pages)
    kept = people.select("customer_id", F.hour("clicked_at").alias("hour"), "device").cache()
    save("devices", kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors")))
    save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
    kept.unpersist()
