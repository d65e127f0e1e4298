"""The clicks of a customer are taken as they come. A shuffle keeps no order, and they came in none: sort the seconds
first."""

from itertools import pairwise

FAILS = ["test_values", "test_edges"]


def sessions(clicks, gap_s, open_bots):
    def people(part):
        bots = open_bots()
        for who, at, agent in part:
            if who is not None and not bots.has(agent):
                yield who, at

    def count(seconds):
        times = list(seconds)
        return 1 + sum(b - a > gap_s for a, b in pairwise(times))

    return clicks.mapPartitions(people).groupByKey().mapValues(count)
