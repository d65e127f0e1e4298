"""The chunks are read one by one and then put together again, so in the end the whole file is in
memory, as if it had been read at once. Reduce each chunk to one row per city before you keep it."""

import pandas as pd

FAILS = ["test_budget"]
SIGN = r"concat\("


def mean_value_by_city(path, chunk_rows):
    whole = pd.concat(list(pd.read_csv(path, chunksize=chunk_rows)))
    known = whole.dropna(subset=["city"])
    grouped = known.groupby("city")["amount_cents"].agg(["size", "mean"])
    return grouped.set_axis(["orders", "mean_cents"], axis="columns").reset_index()
