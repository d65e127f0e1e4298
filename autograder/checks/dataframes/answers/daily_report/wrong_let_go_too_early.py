"""unpersist came before the rows were computed: what was noted to be kept was forgotten again, and the parser ran for every report."""

from pyspark.sql import functions as F

FAILS = ["test_parsed_once"]
SIGN = "cache\\(\\)\\s+kept\\.unpersist"


def daily_report(events, save):
    people = events.where(F.col("device") != "bot")
    kept = people.select(
        "customer_id", F.hour("clicked_at").alias("hour"), "page", "device", "seconds"
    ).cache()
    kept.unpersist()
    pages = kept.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    save("pages", pages)
    save("devices", kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors")))
    save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
