"""Kept on disk, and let go even if a report fails."""

from pyspark import StorageLevel
from pyspark.sql import functions as F


def daily_report(events, save):
    people = events.where("device != 'bot'").withColumn("hour", F.hour("clicked_at"))
    kept = people.select("customer_id", "hour", "page", "device", "seconds")
    kept = kept.persist(StorageLevel.DISK_ONLY)
    try:
        save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
        devices = kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors"))
        save("devices", devices)
        pages = kept.groupBy("page")
        save("pages", pages.agg(F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")))
    finally:
        kept.unpersist()
