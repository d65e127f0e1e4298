"""Only the best of each chunk are kept. A customer with many middling orders may be in no chunk's top and
still lead the year. Keep one sum for every customer and cut at the end."""

import pandas as pd

FAILS = ["test_values", "test_edges"]


def biggest_customers(path, n, chunk_rows):
    parts = []
    for chunk in pd.read_csv(path, usecols=["customer_id", "amount_cents"], chunksize=chunk_rows):
        parts.append(chunk.groupby("customer_id")["amount_cents"].sum().nlargest(n))
    total = pd.concat(parts).groupby(level=0).sum().reset_index()
    total.columns = ["customer_id", "revenue_cents"]
    total = total.astype({"customer_id": "int64"})
    return total.sort_values(["revenue_cents", "customer_id"], ascending=[False, True]).head(n)
