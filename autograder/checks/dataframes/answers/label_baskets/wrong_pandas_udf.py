"""A pandas UDF is Python, too: rows go there in batches, and come back."""

import numpy as np
import pandas as pd
from pyspark.sql import functions as F

FAILS = ["test_no_row_goes_through_python"]


def label_baskets(orders):
    @F.pandas_udf("string")
    def label(
        items: pd.Series, cents: pd.Series, discount: pd.Series, courier: pd.Series, note: pd.Series
    ) -> pd.Series:
        asks = note.fillna("").str.contains("?", regex=False)
        found = np.select(
            [courier.isna(), asks, discount >= 0.3, (items >= 10) & (cents / items < 2_000),
             cents >= 50_000],
            ["collected", "question", "bargain", "bulk", "large"],
            "plain",
        )  # fmt: skip
        return pd.Series(found)

    columns = "items", "amount_cents", "discount", "courier", "note"
    return orders.select("order_id", label(*columns).alias("label"))
