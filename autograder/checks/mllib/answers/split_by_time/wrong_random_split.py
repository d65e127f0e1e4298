"""A random split lets the model look into the future: rows from after the cut are in train."""

FAILS = ["test_values", "test_edges"]
SIGN = r"randomSplit\s*\("


def split_by_time(deliveries, cut):
    train, test = deliveries.randomSplit([0.75, 0.25], seed=7)
    return train, test
