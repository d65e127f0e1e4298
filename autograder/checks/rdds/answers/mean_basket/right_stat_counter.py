"""Spark's own StatCounter."""

from pyspark.statcounter import StatCounter


def mean_basket(orders):
    known = orders.filter(lambda o: o[0] is not None)
    stats = known.aggregateByKey(StatCounter(), StatCounter.merge, StatCounter.mergeStats)
    return stats.mapValues(lambda s: s.mean())
