"""toPandas parsed the clicks once, and brought every one of them to the driver."""

from pyspark.sql import functions as F

FAILS = ["test_kept_narrow"]
SIGN = "toPandas"


def daily_report(events, save):
    spark = events.sparkSession
    frame = events.where(F.col("device") != "bot").toPandas()
    frame["customer_id"] = frame["customer_id"].astype("Int64")
    frame["hour"] = frame["clicked_at"].dt.hour
    schema = (
        "customer_id bigint, clicked_at timestamp, page string, device string, seconds double, "
        "line string, hour int"
    )
    kept = spark.createDataFrame(frame, schema)
    pages = kept.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    save("pages", pages)
    save("devices", kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors")))
    save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
