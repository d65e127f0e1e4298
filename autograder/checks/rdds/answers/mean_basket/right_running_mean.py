"""Means with their weights: two of them make one mean with the weight of both."""


def mean_basket(orders):
    def merge(one, other):
        weight = one[1] + other[1]
        return one[0] + (other[0] - one[0]) * other[1] / weight, weight

    known = orders.filter(lambda o: o[0] is not None)
    return (
        known.mapValues(lambda cents: (float(cents), 1))
        .reduceByKey(merge)
        .mapValues(lambda t: t[0])
    )
