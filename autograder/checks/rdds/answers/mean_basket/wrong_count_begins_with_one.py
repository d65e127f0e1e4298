"""The zero of the aggregation counts one order that is not there, and does so in every partition that has the city. A
zero has to change nothing: (0, 0)."""

FAILS = ["test_values", "test_edges"]


def mean_basket(orders):
    totals = orders.filter(lambda o: o[0] is not None).aggregateByKey(
        (0, 1), lambda t, cents: (t[0] + cents, t[1] + 1), lambda a, b: (a[0] + b[0], a[1] + b[1])
    )
    return totals.mapValues(lambda t: t[0] / t[1])
