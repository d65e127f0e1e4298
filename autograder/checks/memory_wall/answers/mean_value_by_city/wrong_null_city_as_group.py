"""Orders without a city make a group of their own here. The task leaves them out: groupby does so
by itself unless it is told dropna=False."""

import pandas as pd

FAILS = ["test_values", "test_edges"]


def mean_value_by_city(path, chunk_rows):
    parts = []
    for chunk in pd.read_csv(path, usecols=["city", "amount_cents"], chunksize=chunk_rows):
        parts.append(chunk.groupby("city", dropna=False)["amount_cents"].agg(["size", "sum"]))
    both = pd.concat(parts).groupby("city", dropna=False).sum().reset_index()
    both["mean_cents"] = both["sum"] / both["size"]
    return both.rename(columns={"size": "orders"})[["city", "orders", "mean_cents"]]
