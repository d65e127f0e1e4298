"""All columns were kept, the long line of each click among them, which no report asks for."""

from pyspark.sql import functions as F

FAILS = ["test_kept_narrow"]


def daily_report(events, save):
    people = events.where(F.col("device") != "bot")
    kept = people.withColumn("hour", F.hour("clicked_at")).cache()
    pages = kept.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    save("pages", pages)
    save("devices", kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors")))
    save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
    kept.unpersist()
