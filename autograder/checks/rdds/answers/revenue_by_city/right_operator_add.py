"""reduceByKey with the operator module, and another number of partitions."""

from operator import add


def revenue_by_city(orders):
    return orders.filter(lambda o: o[0] is not None).reduceByKey(add, 3)
