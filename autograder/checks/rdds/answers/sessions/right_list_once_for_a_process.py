"""The list is opened when a process first needs it, and kept there."""

from itertools import pairwise


def sessions(clicks, gap_s, open_bots):
    def people(part):
        bots = None
        kept = []
        for who, at, agent in part:
            if bots is None:
                bots = open_bots()
            if who is not None and not bots.has(agent):
                kept.append((who, at))
        return kept

    def count(seconds):
        times = sorted(seconds)
        return 1 + sum(b - a > gap_s for a, b in pairwise(times))

    return clicks.mapPartitions(people).groupByKey().mapValues(count)
