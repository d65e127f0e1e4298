"""Sorted by customer and second by Spark; a session begins where a click is far from the one before."""


def sessions(clicks, gap_s, open_bots):
    def people(part):
        bots = open_bots()
        for who, at, agent in part:
            if who is not None and not bots.has(agent):
                yield (who, at), None

    def count(part):
        last, found = None, 0
        for (who, at), _ in part:
            if last is None or who != last[0]:
                if last is not None:
                    yield last[0], found
                found = 1
            elif at - last[1] > gap_s:
                found += 1
            last = who, at
        if last is not None:
            yield last[0], found

    pairs = clicks.mapPartitions(people)
    together = pairs.repartitionAndSortWithinPartitions(4, lambda key: key[0])
    return together.mapPartitions(count)
