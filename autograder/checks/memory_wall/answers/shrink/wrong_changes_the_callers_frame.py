"""Assigning to a column of orders changes the caller's frame: whoever passed it in now has other types
than before. Work on a new frame, with astype or assign."""

import pandas as pd

FAILS = ["test_input_unchanged"]


def shrink(orders):
    orders["customer_id"] = orders["customer_id"].astype("Int32")
    for name in ("order_id", "items", "amount_cents"):
        orders[name] = pd.to_numeric(orders[name], downcast="integer")
    for name in ("city", "status", "payment", "courier"):
        orders[name] = orders[name].astype("category")
    orders["tracking"] = orders["tracking"].astype("string[pyarrow]")
    return orders
