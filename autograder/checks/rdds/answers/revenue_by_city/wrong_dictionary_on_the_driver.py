"""The sums are collected into a dictionary on the driver and sent out again. That runs a job, and it works only while
all keys fit into the driver's memory: return what reduceByKey gives."""

FAILS = ["test_lazy"]
SIGN = r"collect|countBy|reduceByKeyLocally|toLocalIterator"


def revenue_by_city(orders):
    known = orders.filter(lambda o: o[0] is not None)
    totals = known.reduceByKey(lambda a, b: a + b).collectAsMap()
    return orders.context.parallelize(list(totals.items()), 4)
