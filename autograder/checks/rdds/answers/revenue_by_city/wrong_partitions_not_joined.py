"""These are the sums of each partition. A city that several partitions have comes back several times: its sums have
to meet, and that takes a shuffle."""

FAILS = ["test_values", "test_edges"]


def revenue_by_city(orders):
    def sums(part):
        totals = {}
        for city, cents in part:
            if city is not None:
                totals[city] = totals.get(city, 0) + cents
        return totals.items()

    return orders.mapPartitions(sums)
