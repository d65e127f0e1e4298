"""Concatenates the chunks' sums and groups them again; nlargest would not settle ties, so it sorts."""

import pandas as pd


def biggest_customers(path, n, chunk_rows):
    parts = [
        chunk.groupby("customer_id", as_index=False)["amount_cents"].sum()
        for chunk in pd.read_csv(
            path, usecols=["customer_id", "amount_cents"], chunksize=chunk_rows,
            dtype={"customer_id": "Int64"},
        )
    ]  # fmt: skip
    total = pd.concat(parts).groupby("customer_id", as_index=False).sum()
    total.columns = ["customer_id", "revenue_cents"]
    return total.sort_values(["revenue_cents", "customer_id"], ascending=[False, True]).head(n)
