"""toPandas brought all orders to the driver, one process, and pandas did the work there."""

FAILS = ["test_lazy"]
SIGN = r"toPandas"


def revenue_by_home_city(orders, customers):
    homes = customers.select("customer_id", "city").toPandas()
    paid = orders.drop("city").toPandas().merge(homes, on="customer_id", how="left")
    paid = paid.rename(columns={"city": "home_city"})
    found = paid.groupby("home_city", dropna=False)["amount_cents"].agg(["count", "sum"])
    found = found.reset_index().set_axis(["home_city", "orders", "revenue_cents"], axis=1)
    schema = "home_city string, orders bigint, revenue_cents bigint"
    return orders.sparkSession.createDataFrame(found.replace({float("nan"): None}), schema)
