"""One call of astype; integers found by their range."""

import numpy as np


def shrink(orders):
    kinds = {"tracking": "string[pyarrow]", "customer_id": "Int32"}
    for name in ("city", "status", "payment", "courier"):
        kinds[name] = "category"
    for name in ("order_id", "items", "amount_cents"):
        low, high = (orders[name].min(), orders[name].max()) if len(orders) else (0, 0)
        for kind in ("int8", "int16", "int32", "int64"):
            if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
                kinds[name] = kind
                break
    return orders.astype(kinds)
