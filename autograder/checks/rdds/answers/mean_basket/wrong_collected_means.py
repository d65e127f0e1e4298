"""The means are collected and sent out again. That runs a job, and the driver holds them all: return what mapValues
gives."""

FAILS = ["test_lazy"]
SIGN = r"collect|toLocalIterator"


def mean_basket(orders):
    sums = orders.filter(lambda o: o[0] is not None).mapValues(lambda cents: (cents, 1))
    totals = sums.reduceByKey(lambda a, b: (a[0] + b[0], a[1] + b[1])).collect()
    return orders.context.parallelize([(city, t / n) for city, (t, n) in totals], 4)
