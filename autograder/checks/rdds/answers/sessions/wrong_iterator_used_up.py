"""A partition is an iterator and can be gone through once. Counting or listing its elements first leaves none for the
loop after."""

from itertools import pairwise

FAILS = ["test_values", "test_edges"]


def sessions(clicks, gap_s, open_bots):
    def people(part):
        if not any(True for click in part if click[0] is None) or sum(1 for _ in part):
            bots = open_bots()
            return [(c[0], c[1]) for c in part if c[0] is not None and not bots.has(c[2])]
        return []

    def count(seconds):
        times = sorted(seconds)
        return 1 + sum(b - a > gap_s for a, b in pairwise(times))

    return clicks.mapPartitions(people).groupByKey().mapValues(count)
