"""A dictionary for each partition, then one reduction."""


def revenue_by_city(orders):
    def sums(part):
        totals = {}
        for city, cents in part:
            if city is not None:
                totals[city] = totals.get(city, 0) + cents
        yield from totals.items()

    return orders.mapPartitions(sums).reduceByKey(lambda a, b: a + b)
