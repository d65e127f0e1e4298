"""Without ANSI a bad cast gives null, here and in every program of the session after this one. try_cast does so for this column alone."""

from pyspark.sql import functions as F

FAILS = ["test_ansi_stays_on"]


def clean_amounts(raw):
    raw.sparkSession.conf.set("spark.sql.ansi.enabled", "false")
    amount = F.col("amount").cast("decimal(12,2)")
    kept = raw.where(F.col("status").isNull() | (F.col("status") != "cancelled"))
    return kept.select(
        "order_id",
        amount.alias("amount"),
        (F.col("amount").isNotNull() & amount.isNull()).alias("bad"),
        F.when(~F.isnan("discount"), F.col("discount")).alias("discount"),
    )
