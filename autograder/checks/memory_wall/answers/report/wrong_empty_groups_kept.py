"""A segment without a single order is in the report, with zeros. segment is a category, and groupby keeps
all its categories unless it is told observed=True."""

FAILS = ["test_values", "test_edges"]


def report(orders, customers):
    once = customers[["customer_id", "segment"]].drop_duplicates()
    slim = orders[["customer_id", "city", "amount_cents"]].merge(once, on="customer_id")
    answer = slim.groupby("segment", observed=False).agg(
        customers=("customer_id", "nunique"),
        orders=("amount_cents", "size"),
        revenue_cents=("amount_cents", "sum"),
    )
    places = slim.dropna(subset=["city"]).drop_duplicates(["customer_id", "city"])
    answer["addresses"] = places.groupby("segment", observed=False).size()
    return answer.reset_index()
