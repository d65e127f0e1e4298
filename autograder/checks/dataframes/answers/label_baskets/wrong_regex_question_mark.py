"""As a regular expression a question mark means "perhaps one of what stands before it": ".?" fits every note."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def label_baskets(orders):
    per_item = F.col("amount_cents") / F.col("items")
    label = (
        F.when(F.col("courier").isNull(), "collected")
        .when(F.col("note").rlike(".?"), "question")
        .when(F.col("discount") >= 0.3, "bargain")
        .when((F.col("items") >= 10) & (per_item < 2_000), "bulk")
        .when(F.col("amount_cents") >= 50_000, "large")
        .otherwise("plain")
    )
    return orders.select("order_id", label.alias("label"))
