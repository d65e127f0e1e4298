"""The list is opened on the driver, and an open list cannot be sent to the tasks. Open it inside the function that
mapPartitions calls."""

from itertools import pairwise

FAILS = ["test_values", "test_edges"]


def sessions(clicks, gap_s, open_bots):
    bots = open_bots()
    people = clicks.filter(lambda c: c[0] is not None and not bots.has(c[2]))

    def count(seconds):
        times = sorted(seconds)
        return 1 + sum(b - a > gap_s for a, b in pairwise(times))

    return people.map(lambda c: (c[0], c[1])).groupByKey().mapValues(count)
