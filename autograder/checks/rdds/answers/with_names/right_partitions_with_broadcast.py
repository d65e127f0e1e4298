"""mapPartitions, with the broadcast's value taken once for each partition."""


def with_names(orders, names):
    handle = orders.context.broadcast(names)

    def label(part):
        known = handle.value
        for order_id, customer_id in part:
            yield order_id, known.get(customer_id)

    return orders.mapPartitions(label)
