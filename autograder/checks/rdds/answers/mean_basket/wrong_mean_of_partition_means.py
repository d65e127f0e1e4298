"""Each partition makes a mean, and then the means are averaged. A partition with one order of a city counts as much as
one with fifty. Keep the sum and the count of each partition."""

FAILS = ["test_values", "test_edges"]


def mean_basket(orders):
    def means(part):
        totals = {}
        for city, cents in part:
            if city is not None:
                total, count = totals.get(city, (0, 0))
                totals[city] = (total + cents, count + 1)
        return [(city, (total / count, 1)) for city, (total, count) in totals.items()]

    merged = orders.mapPartitions(means).reduceByKey(lambda a, b: (a[0] + b[0], a[1] + b[1]))
    return merged.mapValues(lambda t: t[0] / t[1])
