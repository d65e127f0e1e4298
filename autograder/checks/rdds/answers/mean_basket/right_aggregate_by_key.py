"""aggregateByKey with a zero of (0, 0)."""


def mean_basket(orders):
    totals = orders.filter(lambda o: o[0] is not None).aggregateByKey(
        (0, 0), lambda t, cents: (t[0] + cents, t[1] + 1), lambda a, b: (a[0] + b[0], a[1] + b[1])
    )
    return totals.mapValues(lambda t: t[0] / t[1])
