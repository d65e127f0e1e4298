"""The cache is filled at once by count, and the clicks of people are told apart afterwards."""

from pyspark.sql import functions as F


def daily_report(events, save):
    narrow = events.select("customer_id", "clicked_at", "page", "device", "seconds").cache()
    narrow.count()
    kept = narrow.where("device <> 'bot'").withColumn("hour", F.hour("clicked_at"))
    pages = kept.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    save("pages", pages)
    save("devices", kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors")))
    save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
    narrow.unpersist()
