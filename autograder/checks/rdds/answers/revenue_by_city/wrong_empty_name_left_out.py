"""`if city` is false for None and for a text without letters. Only None means that the city is missing: compare with
`is not None`."""

FAILS = ["test_edges"]


def revenue_by_city(orders):
    return orders.filter(lambda o: o[0]).reduceByKey(lambda a, b: a + b)
