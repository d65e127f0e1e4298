"""Without otherwise, an order that no rule fits has the label null."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def label_baskets(orders):
    per_item = F.col("amount_cents") / F.col("items")
    label = (
        F.when(F.col("courier").isNull(), "collected")
        .when(F.col("note").contains("?"), "question")
        .when(F.col("discount") >= 0.3, "bargain")
        .when((F.col("items") >= 10) & (per_item < 2_000), "bulk")
        .when(F.col("amount_cents") >= 50_000, "large")
    )
    return orders.select("order_id", label.alias("label"))
