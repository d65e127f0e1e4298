"""Single precision cannot hold these sums to the cent. Whole cents add up exactly as they are."""

import numpy as np

FAILS = ["test_values", "test_edges"]


def revenue_by_city(orders):
    known = orders.filter(lambda o: o[0] is not None)
    sums = known.mapValues(lambda cents: np.float32(cents)).reduceByKey(lambda a, b: a + b)
    return sums.mapValues(int)
