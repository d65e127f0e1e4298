"""Dropping duplicates by customer_id after the merge leaves each customer one order, and the totals are
those of single orders. What is repeated are the customers: drop the repeats on their side."""

FAILS = ["test_values", "test_edges"]


def report(orders, customers):
    slim = orders.merge(customers[["customer_id", "segment"]], on="customer_id")
    slim["segment"] = slim["segment"].astype("str")
    slim = slim.drop_duplicates("customer_id")
    answer = slim.groupby("segment").agg(
        customers=("customer_id", "nunique"),
        orders=("amount_cents", "size"),
        revenue_cents=("amount_cents", "sum"),
        addresses=("city", "count"),
    )
    return answer.reset_index()
