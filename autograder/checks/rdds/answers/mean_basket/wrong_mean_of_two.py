"""(a + b) / 2 is the mean of two values, and its result is used again as if it were one value. So the last amounts
count most, and the result depends on the order. Combine sums and counts, and divide once."""

FAILS = ["test_values", "test_edges"]


def mean_basket(orders):
    known = orders.filter(lambda o: o[0] is not None)
    return known.reduceByKey(lambda a, b: (a + b) / 2).mapValues(float)
