"""broadcast is called inside the function, which needs the SparkContext there. The context lives on the driver and cannot
be sent to a task. Call it outside, once."""

FAILS = ["test_values", "test_edges"]


def with_names(orders, names):
    context = orders.context
    return orders.mapValues(lambda customer_id: context.broadcast(names).value.get(customer_id))
