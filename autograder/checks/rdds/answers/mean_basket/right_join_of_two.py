"""Sums and counts on their own, then joined."""


def mean_basket(orders):
    known = orders.filter(lambda o: o[0] is not None)
    sums = known.reduceByKey(lambda a, b: a + b)
    counts = known.mapValues(lambda cents: 1).reduceByKey(lambda a, b: a + b)
    return sums.join(counts).mapValues(lambda both: both[0] / both[1])
