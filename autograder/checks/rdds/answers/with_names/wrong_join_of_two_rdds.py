"""The dictionary is made an RDD and joined. That sends all orders through a shuffle. What fits into memory can be
broadcast, and then no order has to move."""

FAILS = ["test_no_shuffle"]


def with_names(orders, names):
    people = orders.context.parallelize(list(names.items()), 4)
    by_customer = orders.map(lambda order: (order[1], order[0]))
    return by_customer.leftOuterJoin(people).map(lambda found: found[1])
