"""A regular expression says what an amount is; only then it is cast."""

from pyspark.sql import functions as F


def clean_amounts(raw):
    good = F.col("amount").rlike(r"^ *-?[0-9]+([.][0-9]{1,2})? *$")
    kept = raw.filter(~F.col("status").eqNullSafe("cancelled"))
    return kept.select(
        "order_id",
        F.when(good, F.trim("amount")).cast("decimal(12,2)").alias("amount"),
        F.coalesce(~good, F.lit(False)).alias("bad"),
        F.nanvl("discount", F.lit(None).cast("double")).alias("discount"),
    )
