"""Where several rules apply the first one counts. Here a later one overwrote it."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def label_baskets(orders):
    per_item = F.col("amount_cents") / F.col("items")
    labelled = orders.withColumn("label", F.lit("plain"))
    rules = [
        ("collected", F.col("courier").isNull()),
        ("question", F.col("note").contains("?")),
        ("bargain", F.col("discount") >= 0.3),
        ("bulk", (F.col("items") >= 10) & (per_item < 2_000)),
        ("large", F.col("amount_cents") >= 50_000),
    ]
    for label, applies in rules:
        labelled = labelled.withColumn("label", F.when(applies, label).otherwise(F.col("label")))
    return labelled.select("order_id", "label")
