"""One aggregate that holds all three reports, and is small enough to keep."""

from pyspark.sql import functions as F


def daily_report(events, save):
    people = events.where(F.col("device") != "bot")
    cube = people.groupBy("page", "device", F.hour("clicked_at").alias("hour"), "customer_id").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    cube = cube.cache()
    save(
        "pages",
        cube.groupBy("page").agg(
            F.sum("clicks").alias("clicks"), F.sum("seconds").alias("seconds")
        ),
    )
    save("devices", cube.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors")))
    save("hours", cube.groupBy("hour").agg(F.sum("clicks").alias("clicks")))
    cube.unpersist(blocking=True)
