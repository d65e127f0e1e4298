"""Orders without a city count as one more address of the customer. They belong to the orders and to the
revenue, but nobody lives at a missing city: leave them out of the pairs."""

FAILS = ["test_values", "test_edges"]


def report(orders, customers):
    once = customers[["customer_id", "segment"]].drop_duplicates()
    slim = orders[["customer_id", "city", "amount_cents"]].merge(once, on="customer_id")
    slim["segment"] = slim["segment"].astype("str")
    answer = slim.groupby("segment").agg(
        customers=("customer_id", "nunique"),
        orders=("amount_cents", "size"),
        revenue_cents=("amount_cents", "sum"),
    )
    places = slim.drop_duplicates(["customer_id", "city"])
    answer["addresses"] = places.groupby("segment").size()
    return answer.reset_index()
