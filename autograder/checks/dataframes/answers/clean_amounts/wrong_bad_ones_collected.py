"""The bad texts were collected on the driver to know them. That is a job, and an expression needs none."""

from pyspark.sql import functions as F

FAILS = ["test_lazy"]


def clean_amounts(raw):
    number = F.expr("try_cast(amount AS decimal(12,2))")
    bad = [row[0] for row in raw.where(number.isNull()).select("amount").distinct().collect()]
    bad = [text for text in bad if text is not None] or ["n/a"]
    kept = raw.where("status is null or status != 'cancelled'")
    return kept.select(
        "order_id",
        number.alias("amount"),
        F.coalesce(F.col("amount").isin(bad), F.lit(False)).alias("bad"),
        F.when(~F.isnan("discount"), F.col("discount")).alias("discount"),
    )
