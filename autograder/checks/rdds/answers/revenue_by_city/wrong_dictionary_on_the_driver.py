"""Every order is brought to the driver and added up there, in one process. Let each partition add up its own: return
what reduceByKey gives."""

FAILS = ["test_orders_stay"]
SIGN = r"collect|toLocalIterator|\btake\("


def revenue_by_city(orders):
    totals = {}
    for city, cents in orders.toLocalIterator():
        if city is not None:
            totals[city] = totals.get(city, 0) + cents
    return orders.context.parallelize(list(totals.items()), 4)
