"""Whole numbers were divided to a whole number, so 1,999.9 cents an item and 1,999 are the same, and so are 2,000 and 2,000.9."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def label_baskets(orders):
    per_item = F.col("amount_cents") / F.col("items")
    label = (
        F.when(F.col("courier").isNull(), "collected")
        .when(F.col("note").contains("?"), "question")
        .when(F.col("discount") >= 0.3, "bargain")
        .when((F.col("items") >= 10) & (per_item.cast("bigint") <= 2_000), "bulk")
        .when(F.col("amount_cents") >= 50_000, "large")
        .otherwise("plain")
    )
    return orders.select("order_id", label.alias("label"))
