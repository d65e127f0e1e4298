"""A function of the module that is given the broadcast."""


def _labelled(order, handle):
    order_id, customer_id = order
    return order_id, handle.value.get(customer_id)


def with_names(orders, names):
    handle = orders.context.broadcast(names)
    return orders.map(lambda order: _labelled(order, handle))
