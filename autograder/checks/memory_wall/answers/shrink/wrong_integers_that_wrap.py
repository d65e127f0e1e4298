"""astype to an integer type that is too small does not complain: the numbers wrap around. Look at the
largest value first, or let pd.to_numeric(..., downcast='integer') choose."""

FAILS = ["test_values", "test_edges"]
SIGN = r"int16|int8"


def shrink(orders):
    return orders.astype(
        {
            "order_id": "int16", "customer_id": "Int32", "amount_cents": "int16",
            "items": "int8", "city": "category", "status": "category",
            "payment": "category", "courier": "category", "tracking": "string[pyarrow]",
        }
    )  # fmt: skip
