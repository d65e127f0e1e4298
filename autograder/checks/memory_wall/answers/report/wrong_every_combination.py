"""Grouping by two category columns makes a row for every combination of a customer and a city, although
almost none of them occurs. Say observed=True, or take the different pairs with drop_duplicates."""

FAILS = ["test_budget"]
SIGN = r"observed\s*=\s*False"


def report(orders, customers):
    once = customers[["customer_id", "segment"]].drop_duplicates()
    slim = orders[["customer_id", "city", "amount_cents"]].merge(once, on="customer_id")
    slim["segment"] = slim["segment"].astype("str")
    customer = slim["customer_id"].astype("category")
    city = slim["city"].astype("category")
    pairs = slim.groupby([customer, city], observed=False)["amount_cents"].size()
    pairs = pairs[pairs > 0].reset_index().merge(once, on="customer_id")
    answer = slim.groupby("segment").agg(
        customers=("customer_id", "nunique"),
        orders=("amount_cents", "size"),
        revenue_cents=("amount_cents", "sum"),
    )
    answer["addresses"] = pairs["segment"].astype("str").value_counts()
    answer["addresses"] = answer["addresses"].fillna(0).astype("int64")
    return answer.rename_axis("segment").reset_index()
