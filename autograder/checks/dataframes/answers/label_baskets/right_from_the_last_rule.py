"""Column by column: each rule, from the last to the first, overwrites the label."""

from pyspark.sql import functions as F


def label_baskets(orders):
    labelled = orders.withColumn("label", F.lit("plain"))
    rules = [
        ("large", F.col("amount_cents") >= 50_000),
        ("bulk", (F.col("items") >= 10) & (F.col("amount_cents") / F.col("items") < 2_000)),
        ("bargain", F.coalesce(F.col("discount"), F.lit(0.0)) >= 0.3),
        ("question", F.instr(F.coalesce("note", F.lit("")), "?") > 0),
        ("collected", F.isnull("courier")),
    ]
    for label, applies in rules:
        labelled = labelled.withColumn("label", F.when(applies, label).otherwise(F.col("label")))
    return labelled.select("order_id", "label")
