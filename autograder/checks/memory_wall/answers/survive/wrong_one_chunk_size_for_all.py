"""The chunks are of one size, whatever the budget, and one of them does not fit the lowest one. Let the budget
decide how many rows to hold, or always take few; and read only the columns that are needed."""

import pandas as pd

FAILS = ["test_lowest_budget"]
SIGN = r"chunksize\s*=\s*\d"


def survive(path, budget_mb):
    parts = []
    for chunk in pd.read_csv(path, chunksize=20_000):
        chunk["month"] = chunk["ordered_at"].str[:7]
        parts.append(chunk.groupby(["month", "payment"])["amount_cents"].agg(["size", "sum"]))
    whole = pd.concat(parts).groupby(level=[0, 1]).sum().reset_index()
    return whole.rename(columns={"size": "orders", "sum": "revenue_cents"})
