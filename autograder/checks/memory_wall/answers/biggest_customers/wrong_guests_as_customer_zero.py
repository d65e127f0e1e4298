"""Orders without a customer are added up as if one customer had placed them all. They belong to nobody:
leave them out."""

import pandas as pd

FAILS = ["test_values", "test_edges"]


def biggest_customers(path, n, chunk_rows):
    total = pd.Series(dtype="int64")
    for chunk in pd.read_csv(path, usecols=["customer_id", "amount_cents"], chunksize=chunk_rows):
        chunk["customer_id"] = chunk["customer_id"].fillna(0).astype("int64")
        total = total.add(chunk.groupby("customer_id")["amount_cents"].sum(), fill_value=0)
    frame = total.astype("int64").rename_axis("customer_id").reset_index(name="revenue_cents")
    return frame.sort_values(["revenue_cents", "customer_id"], ascending=[False, True]).head(n)
