"""The rows of `order_items`: the lines of the orders of the same chunk."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from shop.orders import Orders


class OrderItems:
    """Makes the lines of any range of the orders of one dataset."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders

    def chunk(self, number: int, start: int, n: int) -> dict[str, Any]:
        """Arrow columns of the lines of the orders `start` to `start + n`, chunk `number`."""
        inside = self.orders.baskets(number, start, n)
        line = np.arange(len(inside.order)) - inside.first.take(inside.order) + 1
        return {
            "order_id": pa.array(inside.keys.take(inside.order)),
            "line": pa.array(line),
            "product_id": pa.array(inside.products),
            "quantity": pa.array(inside.quantity),
            "unit_price_cents": pa.array(inside.price),
            "amount_cents": pa.array(inside.amount),
        }
