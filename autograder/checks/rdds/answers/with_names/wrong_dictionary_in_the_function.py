"""The function uses the dictionary, so it takes all of it along, once for each task. A broadcast variable is sent to each
executor once."""

FAILS = ["test_closure"]


def with_names(orders, names):
    return orders.mapValues(lambda customer_id: names.get(customer_id))
