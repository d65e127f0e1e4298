"""mapPartitions with a generator expression, and combineByKey for the seconds."""

from itertools import pairwise


def sessions(clicks, gap_s, open_bots):
    def people(part):
        bots = open_bots()
        return ((who, [at]) for who, at, agent in part if who is not None and not bots.has(agent))

    def count(times):
        times = sorted(set(times))
        found = 1
        for before, after in pairwise(times):
            if after - before > gap_s:
                found += 1
        return found

    return clicks.mapPartitions(people).reduceByKey(lambda a, b: a + b).mapValues(count)
