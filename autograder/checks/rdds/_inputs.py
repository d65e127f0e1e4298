"""Inputs that several exercises of this chapter make."""

from __future__ import annotations

import pandas as pd

from autograder.checking import Call, Shop


def orders_by_city(shop: Shop, partitions: tuple[int, ...]) -> list[Call]:
    """City and amount of every order, cut into different numbers of partitions."""
    return [Call(shop.rdd("orders", "city", "amount_cents", partitions=n)) for n in partitions]


def odd_cities(shop: Shop) -> list[Call]:
    """Uneven partitions, cities in one of them only, no cities, large amounts, and no orders."""
    few = pd.DataFrame(
        {
            "city": ["Graz", "Graz", "Graz", None, "Graz", "Łódź", None, "Wels", "Wels", ""],
            "amount_cents": [100, 200, 600, 5_000, 101, 40, 1, 3_000_000_019, 3_000_000_020, 7],
        }
    )
    alike = pd.DataFrame({"city": ["Graz"] * 5 + ["Wels"], "amount_cents": [7] * 6})
    nowhere = pd.DataFrame(
        {"city": pd.Series([None, None], dtype="string"), "amount_cents": [1, 2]}
    )
    return [
        Call(shop.rdd_of(few, partitions=3)),
        Call(shop.rdd_of(alike, partitions=4)),
        Call(shop.rdd_of(nowhere, partitions=2)),
        Call(shop.rdd_of(few.head(0), partitions=2)),
    ]
