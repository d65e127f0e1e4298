"""The dictionary is broadcast, and then taken out of the broadcast on the driver. The function captures the dictionary
all the same. Use .value inside the function."""

FAILS = ["test_closure"]
SIGN = r"=\s*[\w.]*broadcast\([^)]*\)\.value|=\s*\w+\.value\s*$"


def with_names(orders, names):
    known = orders.context.broadcast(names).value
    return orders.mapValues(lambda customer_id: known.get(customer_id))
