"""A missing status is filled in before the comparison; a nullif for NaN."""

from pyspark.sql import functions as F


def clean_amounts(raw):
    kept = raw.where(F.coalesce("status", F.lit("none")) != "cancelled")
    amount = F.expr("try_cast(trim(amount) AS decimal(12,2))")
    return (
        kept.withColumn("number", amount)
        .withColumn("bad", F.expr("amount is not null and number is null"))
        .withColumn("discount", F.nullif(F.col("discount"), F.lit(float("nan"))))
        .select("order_id", F.col("number").alias("amount"), "bad", "discount")
    )
