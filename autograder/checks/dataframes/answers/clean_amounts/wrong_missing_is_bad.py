"""Where no amount was given, nothing is bad: bad is asked for where a text is there and is no amount."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def clean_amounts(raw):
    amount = F.col("amount").try_cast("decimal(12,2)")
    kept = raw.where(F.col("status").isNull() | (F.col("status") != "cancelled"))
    return kept.select(
        "order_id",
        amount.alias("amount"),
        (amount.isNull()).alias("bad"),
        F.when(~F.isnan("discount"), F.col("discount")).alias("discount"),
    )
