"""The first label that is not null."""

from pyspark.sql import functions as F


def label_baskets(orders):
    label = F.coalesce(
        F.when(F.col("courier").isNull(), "collected"),
        F.when(F.col("note").rlike("[?]"), "question"),
        F.when(F.col("discount") >= 0.3, "bargain"),
        F.when((F.col("items") > 9) & (F.col("amount_cents") < F.col("items") * 2_000), "bulk"),
        F.when(F.col("amount_cents") >= 50_000, "large"),
        F.lit("plain"),
    )
    return orders.select(F.col("order_id"), label.alias("label"))
