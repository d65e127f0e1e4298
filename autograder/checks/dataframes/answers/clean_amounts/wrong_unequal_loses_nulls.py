"""null != "cancelled" is null, not true, and where() keeps only true: the orders without a status are lost."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def clean_amounts(raw):
    amount = F.col("amount").try_cast("decimal(12,2)")
    kept = raw.where(F.col("status") != "cancelled")
    return kept.select(
        "order_id",
        amount.alias("amount"),
        (F.col("amount").isNotNull() & amount.isNull()).alias("bad"),
        F.when(~F.isnan("discount"), F.col("discount")).alias("discount"),
    )
