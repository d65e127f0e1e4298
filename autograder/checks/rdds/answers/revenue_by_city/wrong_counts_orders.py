"""This counts the orders of each city. The revenue is the sum of their amounts."""

FAILS = ["test_values", "test_edges"]


def revenue_by_city(orders):
    known = orders.filter(lambda o: o[0] is not None)
    return known.mapValues(lambda cents: 1).reduceByKey(lambda a, b: a + b)
