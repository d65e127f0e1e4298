"""Written to a Parquet file once, and read three times."""

import tempfile

from pyspark.sql import functions as F


def daily_report(events, save):
    columns = "customer_id", F.hour("clicked_at").alias("hour"), "page", "device", "seconds"
    with tempfile.TemporaryDirectory() as folder:
        people = events.where(F.col("device") != "bot").select(*columns)
        people.write.parquet(folder + "/people")
        kept = events.sparkSession.read.schema(people.schema).parquet(folder + "/people")
        pages = kept.groupBy("page").agg(
            F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
        )
        save("pages", pages)
        save(
            "devices", kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors"))
        )
        save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
