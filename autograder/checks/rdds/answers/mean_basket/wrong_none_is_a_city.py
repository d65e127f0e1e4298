"""Orders without a city get a mean of their own, under None. They do not count: filter them out."""

FAILS = ["test_values", "test_edges"]


def mean_basket(orders):
    totals = orders.mapValues(lambda cents: (cents, 1)).reduceByKey(
        lambda a, b: (a[0] + b[0], a[1] + b[1])
    )
    return totals.mapValues(lambda t: t[0] / t[1])
