"""Only one chunk's result comes back. The loop replaces what it found before; collect a small
result for each chunk and combine them after the loop."""

import pandas as pd

FAILS = ["test_values", "test_edges"]


def mean_value_by_city(path, chunk_rows):
    for chunk in pd.read_csv(path, usecols=["city", "amount_cents"], chunksize=chunk_rows):
        grouped = chunk.groupby("city")["amount_cents"].agg(["size", "mean"])
    return grouped.set_axis(["orders", "mean_cents"], axis="columns").reset_index()
