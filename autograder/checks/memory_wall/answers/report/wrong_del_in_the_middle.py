"""del lets go of a frame when the peak is already over, so it does not lower the peak. Keep the large frame
from being made: choose the columns, and drop repeated customers, before the merge."""

FAILS = ["test_budget"]
SIGN = r"\bdel "


def report(orders, customers):
    wide = orders.copy().merge(customers.copy(), on="customer_id", suffixes=("", "_home"))
    everything = wide.drop_duplicates().copy()
    del wide
    everything["segment"] = everything["segment"].astype("str")
    answer = everything.groupby("segment").agg(
        customers=("customer_id", "nunique"),
        orders=("amount_cents", "size"),
        revenue_cents=("amount_cents", "sum"),
    )
    places = everything.dropna(subset=["city"]).drop_duplicates(["customer_id", "city"])
    answer["addresses"] = places.groupby("segment").size()
    return answer.fillna({"addresses": 0}).reset_index()
