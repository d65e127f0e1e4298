"""aggregateByKey with a zero that changes nothing, and the city filtered at the end."""


def revenue_by_city(orders):
    sums = orders.aggregateByKey(0, lambda total, cents: total + cents, lambda a, b: a + b)
    return sums.filter(lambda pair: pair[0] is not None)
