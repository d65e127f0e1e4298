"""take(1000) is the whole day at tiny, where there are a thousand orders, and a small part of it at any larger
size. Work on the RDD itself: it needs no looking at first."""

FAILS = ["test_many_orders"]


def revenue_by_city(orders):
    taken = orders.context.parallelize(orders.take(1000))
    known = taken.filter(lambda order: order[0] is not None)
    return known.reduceByKey(lambda one, other: one + other)
