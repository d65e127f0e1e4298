"""Every order is brought to the driver, and the means are made there, in one process. Leave the orders where they are, and
combine a sum and a count in each partition."""

from collections import defaultdict

FAILS = ["test_orders_stay"]
SIGN = r"collect|toLocalIterator|\btake\("


def mean_basket(orders):
    totals = defaultdict(lambda: [0, 0])
    for city, cents in orders.collect():
        if city is not None:
            totals[city][0] += cents
            totals[city][1] += 1
    return orders.context.parallelize([(city, t / n) for city, (t, n) in totals.items()], 4)
