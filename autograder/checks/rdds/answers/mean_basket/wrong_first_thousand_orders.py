"""A sample of the first thousand orders gives each city's mean of these, not of all its orders. Sums and counts
of all orders fit into a shuffle as easily."""

FAILS = ["test_many_orders"]


def mean_basket(orders):
    taken = orders.context.parallelize(orders.take(1000))
    known = taken.filter(lambda order: order[0] is not None)
    sums = known.mapValues(lambda cents: (cents, 1))
    totals = sums.reduceByKey(lambda one, other: (one[0] + other[0], one[1] + other[1]))
    return totals.mapValues(lambda total: total[0] / total[1])
