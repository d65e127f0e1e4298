"""distinct takes two orders with the same city and amount for one. They are different orders, and each counts."""

FAILS = ["test_values", "test_edges"]


def revenue_by_city(orders):
    known = orders.filter(lambda o: o[0] is not None).distinct()
    return known.reduceByKey(lambda a, b: a + b)
