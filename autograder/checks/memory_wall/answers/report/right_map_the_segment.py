"""No merge at all: the segment is looked up."""

import pandas as pd


def report(orders, customers):
    known = customers.drop_duplicates("customer_id").set_index("customer_id")["segment"]
    segment = orders["customer_id"].map(known.astype("object")).astype("category")
    amounts = orders["amount_cents"].groupby(segment, observed=True).agg(["size", "sum"])
    amounts = amounts.set_axis(["orders", "revenue_cents"], axis="columns")
    buyers = pd.DataFrame({"segment": segment, "who": orders["customer_id"]}).dropna()
    amounts["customers"] = buyers.drop_duplicates().groupby("segment", observed=True).size()
    buyers["city"] = orders["city"].astype("category")
    places = buyers.dropna().drop_duplicates().groupby("segment", observed=True).size()
    amounts["addresses"] = places.reindex(amounts.index, fill_value=0)
    amounts.index.name = "segment"
    return amounts.reset_index().astype({"segment": "object"})
