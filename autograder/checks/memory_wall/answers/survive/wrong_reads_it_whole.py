"""The whole file is read at once, and no budget here is large enough for that. Read it in parts, and keep of
each part only the sums."""

import pandas as pd

FAILS = ["test_roomy_budget"]
SIGN = r"read_csv\((?![^)]*(chunksize|usecols|iterator))"


def survive(path, budget_mb):
    orders = pd.read_csv(path)
    orders["month"] = orders["ordered_at"].str[:7]
    return orders.groupby(["month", "payment"], as_index=False).agg(
        orders=("amount_cents", "size"), revenue_cents=("amount_cents", "sum")
    )
