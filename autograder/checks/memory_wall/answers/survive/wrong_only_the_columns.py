"""Only the needed columns are read, and still all rows at once. That saves a lot, and not enough for the
smaller machines. Read the same columns in chunks, and keep the sums of each."""

import pandas as pd

FAILS = ["test_tight_budget"]
SIGN = r"read_csv\((?!(.|\n)*chunksize)(.|\n)*usecols"


def survive(path, budget_mb):
    orders = pd.read_csv(path, usecols=["ordered_at", "payment", "amount_cents"])
    orders["month"] = orders["ordered_at"].str[:7]
    return orders.groupby(["month", "payment"], as_index=False).agg(
        orders=("amount_cents", "size"), revenue_cents=("amount_cents", "sum")
    )
