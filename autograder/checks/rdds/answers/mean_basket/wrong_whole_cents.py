"""// divides and drops what is behind the point. The mean of whole cents is not a whole number: divide with /."""

FAILS = ["test_values", "test_edges"]


def mean_basket(orders):
    sums = orders.filter(lambda o: o[0] is not None).mapValues(lambda cents: (cents, 1))
    totals = sums.reduceByKey(lambda a, b: (a[0] + b[0], a[1] + b[1]))
    return totals.mapValues(lambda t: t[0] // t[1])
