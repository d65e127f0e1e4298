"""float32 holds whole numbers only up to 16,777,216. Larger amounts and ids come back changed, without a
word. Use integers: the smallest type that fits the largest value."""

FAILS = ["test_values", "test_edges"]
SIGN = r"float32"


def shrink(orders):
    return orders.astype(
        {
            "order_id": "float32", "customer_id": "float32", "amount_cents": "float32",
            "items": "float32", "discount": "float32", "city": "category",
            "status": "category", "payment": "category", "courier": "category",
            "tracking": "string[pyarrow]",
        }
    )  # fmt: skip
