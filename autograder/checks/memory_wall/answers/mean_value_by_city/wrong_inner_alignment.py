"""Adding two Series keeps only what both have: a city that occurs in one chunk and not in another
becomes NaN and is lost. Use add(..., fill_value=0), or concatenate the parts and group again."""

import pandas as pd

FAILS = ["test_values", "test_edges"]


def mean_value_by_city(path, chunk_rows):
    sums = counts = None
    for chunk in pd.read_csv(path, usecols=["city", "amount_cents"], chunksize=chunk_rows):
        grouped = chunk.dropna(subset=["city"]).groupby("city")["amount_cents"]
        sums = grouped.sum() if sums is None else sums + grouped.sum()
        counts = grouped.size() if counts is None else counts + grouped.size()
    if sums is None:
        return pd.DataFrame({"city": [], "orders": [], "mean_cents": []})
    both = pd.DataFrame({"orders": counts, "mean_cents": sums / counts}).dropna()
    return both.rename_axis("city").reset_index()
