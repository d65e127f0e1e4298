"""Every partition marks its clicks; filters follow."""

from itertools import pairwise


def sessions(clicks, gap_s, open_bots):
    def marked(number, part):
        bots = open_bots()
        for who, at, agent in part:
            yield (who, at, bots.has(agent))

    people = clicks.mapPartitionsWithIndex(marked).filter(lambda c: not c[2] and c[0] is not None)

    def count(seconds):
        times = sorted(seconds)
        return 1 + sum(b - a > gap_s for a, b in pairwise(times))

    return people.map(lambda c: (c[0], c[1])).groupByKey(3).mapValues(count)
