"""This is a mean of chunk means. It counts every chunk alike, however few of a city's orders it
holds. Keep sums and counts for each chunk, add them up, and divide once at the end."""

import pandas as pd

FAILS = ["test_values", "test_edges"]


def mean_value_by_city(path, chunk_rows):
    parts = []
    for chunk in pd.read_csv(path, usecols=["city", "amount_cents"], chunksize=chunk_rows):
        known = chunk.dropna(subset=["city"])
        parts.append(known.groupby("city")["amount_cents"].agg(["size", "mean"]))
    both = pd.concat(parts).groupby("city").agg({"size": "sum", "mean": "mean"})
    return both.set_axis(["orders", "mean_cents"], axis="columns").reset_index()
