"""A double holds most amounts only nearly. A decimal with two places was asked for."""

from pyspark.sql import functions as F

FAILS = ["test_types"]


def clean_amounts(raw):
    amount = F.when(F.col("amount") != "NaN", F.col("amount").try_cast("double"))
    kept = raw.where(F.col("status").isNull() | (F.col("status") != "cancelled"))
    return kept.select(
        "order_id",
        amount.alias("amount"),
        (F.col("amount").isNotNull() & amount.isNull()).alias("bad"),
        F.when(~F.isnan("discount"), F.col("discount")).alias("discount"),
    )
