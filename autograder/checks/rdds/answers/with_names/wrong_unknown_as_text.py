"""An unknown customer's name should be None, not a text. A text would be printed on the parcel."""

FAILS = ["test_values", "test_edges"]


def with_names(orders, names):
    handle = orders.context.broadcast(names)
    return orders.mapValues(lambda customer_id: handle.value.get(customer_id, "unknown"))
