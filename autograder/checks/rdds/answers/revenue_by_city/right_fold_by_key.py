"""foldByKey with 0, which may be used any number of times."""


def revenue_by_city(orders):
    return orders.filter(lambda o: o[0] is not None).foldByKey(0, lambda a, b: a + b)
