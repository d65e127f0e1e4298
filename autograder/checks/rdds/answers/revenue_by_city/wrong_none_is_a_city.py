"""Orders without a city are added up as if None were a city. They do not count: filter them out."""

FAILS = ["test_values", "test_edges"]


def revenue_by_city(orders):
    return orders.reduceByKey(lambda a, b: a + b)
