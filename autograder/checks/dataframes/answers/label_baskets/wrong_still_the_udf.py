"""The rules still stand in a Python function, which Spark calls with one row after the other."""

from pyspark.sql import functions as F

FAILS = ["test_no_row_goes_through_python"]
SIGN = "F\\.udf\\("


def label_baskets(orders):
    def label(items, amount_cents, discount, courier, note):
        if courier is None:
            return "collected"
        if note and "?" in note:
            return "question"
        if discount and discount >= 0.3:
            return "bargain"
        if items >= 10 and amount_cents / items < 2_000:
            return "bulk"
        return "large" if amount_cents >= 50_000 else "plain"

    as_udf = F.udf(label, "string")
    columns = "items", "amount_cents", "discount", "courier", "note"
    return orders.repartition(8).select("order_id", as_udf(*columns).alias("label"))
