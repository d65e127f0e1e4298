"""The list of bots is opened for every click, as in the program that was given. map and filter call their function once
for each element; mapPartitions calls it once for each partition."""

from itertools import pairwise

FAILS = ["test_openings"]


def sessions(clicks, gap_s, open_bots):
    people = clicks.filter(lambda c: c[0] is not None and not open_bots().has(c[2]))

    def count(seconds):
        times = sorted(seconds)
        return 1 + sum(b - a > gap_s for a, b in pairwise(times))

    return people.map(lambda c: (c[0], c[1])).groupByKey().mapValues(count)
