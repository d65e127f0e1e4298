"""A plain cast raises an error at the first text that is no number, and the job ends. try_cast gives null."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def clean_amounts(raw):
    amount = F.col("amount").cast("decimal(12,2)")
    kept = raw.where(F.col("status").isNull() | (F.col("status") != "cancelled"))
    return kept.select(
        "order_id",
        amount.alias("amount"),
        (F.col("amount").isNotNull() & amount.isNull()).alias("bad"),
        F.when(~F.isnan("discount"), F.col("discount")).alias("discount"),
    )
