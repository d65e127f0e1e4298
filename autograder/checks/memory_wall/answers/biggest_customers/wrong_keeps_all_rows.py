"""Every chunk is kept in a list, so in the end all rows are in memory at once. Reduce a chunk to one sum per
customer before you keep it."""

import pandas as pd

FAILS = ["test_budget"]
SIGN = r"append\(chunk\)|list\(|concat\(\s*pd\.read_csv|read_csv\(path\)"


def biggest_customers(path, n, chunk_rows):
    pieces = []
    for chunk in pd.read_csv(path, chunksize=chunk_rows):
        pieces.append(chunk)
    orders = pd.concat(pieces).dropna(subset=["customer_id"])
    total = orders.groupby("customer_id", as_index=False)["amount_cents"].sum()
    total.columns = ["customer_id", "revenue_cents"]
    total = total.astype({"customer_id": "int64"})
    return total.sort_values(["revenue_cents", "customer_id"], ascending=[False, True]).head(n)
