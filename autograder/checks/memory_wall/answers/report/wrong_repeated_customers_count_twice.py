"""Some customers are listed more than once, and the merge repeats their orders each time. Drop the repeated
customers before the merge."""

FAILS = ["test_values", "test_edges"]


def report(orders, customers):
    slim = orders.merge(customers[["customer_id", "segment"]], on="customer_id")
    slim["segment"] = slim["segment"].astype("str")
    answer = slim.groupby("segment").agg(
        customers=("customer_id", "nunique"),
        orders=("amount_cents", "size"),
        revenue_cents=("amount_cents", "sum"),
    )
    places = slim.dropna(subset=["city"]).drop_duplicates(["customer_id", "city"])
    answer["addresses"] = places.groupby("segment").size()
    return answer.fillna({"addresses": 0}).reset_index()
