"""Catching MemoryError and going on with what has been read gives an answer to a part of the file. It looks
like a result and is none. Read less at a time instead, so that the error does not come."""

import pandas as pd

FAILS = ["test_roomy_budget"]
SIGN = r"(?m)except[^\n]*(MemoryError|Exception)|except\s*:"


def survive(path, budget_mb):
    try:
        orders = pd.read_csv(path)
    except (MemoryError, pd.errors.ParserError):
        orders = pd.read_csv(path, nrows=20_000)
    orders["month"] = orders["ordered_at"].str[:7]
    return orders.groupby(["month", "payment"], as_index=False).agg(
        orders=("amount_cents", "size"), revenue_cents=("amount_cents", "sum")
    )
