"""Orders without a known customer are left out. Each order gets its pair; the name of these is None."""

FAILS = ["test_values", "test_edges"]


def with_names(orders, names):
    handle = orders.context.broadcast(names)
    known = orders.filter(lambda order: order[1] in handle.value)
    return known.mapValues(lambda customer_id: handle.value[customer_id])
