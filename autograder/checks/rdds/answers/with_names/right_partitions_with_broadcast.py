"""mapPartitions, with the broadcast's value taken once for each partition."""


def with_names(orders, names):
    handle = orders.context.broadcast(names)

    def label(part):
        known = handle.value
        for order_id, customer_id in part:
            yield order_id, known[customer_id] if customer_id in known else None

    return orders.mapPartitions(label)
