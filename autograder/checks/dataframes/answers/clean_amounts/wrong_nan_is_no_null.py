"""NaN is not null to Spark: isNull does not see it, and it is still there."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def clean_amounts(raw):
    amount = F.col("amount").try_cast("decimal(12,2)")
    kept = raw.where(F.col("status").isNull() | (F.col("status") != "cancelled"))
    return kept.select(
        "order_id",
        amount.alias("amount"),
        (F.col("amount").isNotNull() & amount.isNull()).alias("bad"),
        F.when(F.col("discount").isNotNull(), F.col("discount")).alias("discount"),
    )
