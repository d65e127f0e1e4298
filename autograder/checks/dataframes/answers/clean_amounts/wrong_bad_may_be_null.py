"""A comparison with a missing amount is null, so bad is neither true nor false there."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def clean_amounts(raw):
    amount = F.col("amount").try_cast("decimal(12,2)")
    kept = raw.where(F.col("status").isNull() | (F.col("status") != "cancelled"))
    return kept.select(
        "order_id",
        amount.alias("amount"),
        (~F.col("amount").rlike(r"^ *-?[0-9]+([.][0-9]{1,2})? *$")).alias("bad"),
        F.when(~F.isnan("discount"), F.col("discount")).alias("discount"),
    )
