"""Each report is kept, and each is used once. What is used three times is the rows that they are made from."""

from pyspark.sql import functions as F

FAILS = ["test_parsed_once"]
SIGN = "(pages|report|devices|hours)\\.cache"


def daily_report(events, save):
    people = events.where(F.col("device") != "bot").withColumn("hour", F.hour("clicked_at"))
    pages = people.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    devices = people.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors"))
    hours = people.groupBy("hour").agg(F.count("*").alias("clicks"))
    for name, report in (("pages", pages), ("devices", devices), ("hours", hours)):
        report.cache()
        save(name, report)
        report.unpersist()
