"""Rows of a table, chunk by chunk. A chunk depends on the seed and its number alone."""

from __future__ import annotations

import zlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shop import tables
from shop.pools import CATEGORIES, Pools, pools
from shop.tables import CHUNK_ROWS, rows_of

YEAR_START = np.datetime64("2025-01-01T00:00:00", "us")
UTC = pa.timestamp("us", tz="UTC")


def chunk_count(table: str, orders: int) -> int:
    return -(-rows_of(table, orders) // CHUNK_ROWS)


def _random(seed: int, table: str, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(table.encode()), number])


def chunk(table: str, orders: int, seed: int, number: int) -> pa.Table:
    """Chunk `number` of `table` in a shop with `orders` orders, as an Arrow table."""
    first = number * CHUNK_ROWS
    rows = min(CHUNK_ROWS, rows_of(table, orders) - first)
    ids = np.arange(first + 1, first + rows + 1, dtype=np.int64)
    make = {"customers": _customers, "products": _products, "orders": _orders}[table]
    return make(ids, orders, seed, _random(seed, table, number), pools(seed))


def _pick(values: pa.Array, index: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    return values.take(pa.array(index.astype(np.int32), mask=missing))


def _choice(
    rng: np.random.Generator,
    values: list[str],
    shares: list[float],
    rows: int,
    missing: np.ndarray | None = None,
) -> pa.Array:
    drawn = np.searchsorted(np.cumsum(shares), rng.random(rows), side="right")
    return _pick(pa.array(values), np.minimum(drawn, len(values) - 1), missing)


def _weighted(rng: np.random.Generator, weights: np.ndarray, rows: int) -> np.ndarray:
    return np.minimum(
        np.searchsorted(np.cumsum(weights), rng.random(rows), side="right"), len(weights) - 1
    )


def _customers(
    ids: np.ndarray, orders: int, seed: int, rng: np.random.Generator, words: Pools
) -> pa.Table:
    rows = len(ids)
    names = _pick(words.names, rng.integers(0, len(words.names), rows))
    city = _weighted(rng, words.city_weights, rows)
    away = rng.random(rows) < tables.CITY_NULLS
    first = pc.utf8_lower(pc.list_element(pc.split_pattern(names, " ", max_splits=1), 0))
    numbers = pa.array(ids).cast(pa.string())
    email = pc.binary_join_element_wise(first, numbers, ".")
    email = pc.binary_join_element_wise(email, "example.org", "@")
    since = YEAR_START - rng.integers(0, 7 * 365 * 86_400_000_000, rows).astype("timedelta64[us]")
    return pa.table(
        {
            "customer_id": pa.array(ids),
            "name": names,
            "email": email,
            "city": _pick(words.cities, city, away),
            "country": _pick(words.countries, city, away),
            "segment": _choice(rng, ["private", "business", "school"], [0.8, 0.15, 0.05], rows),
            "since": pa.array(since).cast(UTC),
            "newsletter": pa.array(rng.random(rows) < 0.35),
        }
    )


def _products(
    ids: np.ndarray, orders: int, seed: int, rng: np.random.Generator, words: Pools
) -> pa.Table:
    rows = len(ids)
    kinds = _pick(words.products, rng.integers(0, len(words.products), rows))
    names = pc.binary_join_element_wise(kinds, pa.array(ids).cast(pa.string()), " ")
    return pa.table(
        {
            "product_id": pa.array(ids),
            "name": names,
            "category": _pick(pa.array(CATEGORIES), rng.integers(0, len(CATEGORIES), rows)),
            "price_cents": pa.array((rng.lognormal(8, 0.9, rows)).astype(np.int64) + 50),
            "weight_g": pa.array((rng.lognormal(6, 1.0, rows)).astype(np.int64) + 10),
        }
    )


def _when(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Moments of 2025: twice as many before Christmas, half as many on Sundays, by day."""
    days = np.arange(365)
    year = 1 + 0.3 * np.sin((days - 80) / 365 * 2 * np.pi)
    season = year + np.exp(-(((days - 345) / 18) ** 2))  # and Christmas
    weekday = (days + 2) % 7  # 1 January 2025 was a Wednesday; 0 is Monday
    weights = season * np.where(weekday == 6, 0.5, 1.0)
    day = _weighted(rng, weights / weights.sum(), rows)
    second = np.clip(rng.normal(16 * 3600, 4 * 3600, rows), 0, 86_399).astype(np.int64)
    return YEAR_START + (day * 86_400_000_000 + second * 1_000_000).astype("timedelta64[us]")


def _buyers(rng: np.random.Generator, customers: int, rows: int) -> np.ndarray:
    """Customer numbers after Zipf, cut at the number of customers by drawing the rest evenly."""
    drawn = rng.zipf(tables.ZIPF, rows)
    return np.where(drawn <= customers, drawn, rng.integers(1, customers + 1, rows))


def _orders(
    ids: np.ndarray, orders: int, seed: int, rng: np.random.Generator, words: Pools
) -> pa.Table:
    rows = len(ids)
    customers, products = rows_of("customers", orders), rows_of("products", orders)
    buyer = _buyers(rng, customers, rows)
    stranger = rng.random(rows) < tables.STRANGERS
    buyer = np.where(stranger, buyer + 10 * customers + 1_000, buyer).astype(np.int64)
    guest = rng.random(rows) < tables.GUESTS
    collected = rng.random(rows) < tables.COLLECTED
    no_city = collected & (rng.random(rows) < tables.CITY_NULLS / tables.COLLECTED)
    items = np.minimum(rng.geometric(0.35, rows), 40).astype(np.int64)
    amount = (rng.lognormal(8.2, 0.8, rows) * items**0.7).astype(np.int64) + 99
    large = rng.random(rows) < 1 / 2_000
    amount = np.where(large, 2**24 + rng.integers(1, 2**25, rows), amount)
    quiet = rng.random(rows) < tables.NOTE_NULLS
    texts = _pick(words.notes, rng.integers(0, len(words.notes), rows), quiet)
    numbers = pa.array(ids).cast(pa.string())
    discount = np.round(rng.integers(0, 31, rows) / 100, 2)
    plain = rng.random(rows) < tables.DISCOUNT_NULLS
    track = pc.binary_join_element_wise(
        "BP",
        pc.utf8_lpad(numbers, 12, "0"),
        pa.array(rng.integers(100_000, 1_000_000, rows)).cast(pa.string()),
        "",
    )
    return pa.table(
        {
            "order_id": pa.array(ids),
            "customer_id": pa.array(buyer, mask=guest),
            "product_id": pa.array(rng.integers(1, products + 1, rows)),
            "ordered_at": pa.array(_when(rng, rows)).cast(UTC),
            "city": _pick(words.cities, _weighted(rng, words.city_weights, rows), no_city),
            "status": _choice(
                rng,
                ["delivered", "sent", "paid", "open", "returned"],
                [0.80, 0.08, 0.05, 0.04, 0.03],
                rows,
            ),
            "payment": _choice(
                rng, ["card", "invoice", "transfer", "voucher"], [0.60, 0.25, 0.10, 0.05], rows
            ),
            "courier": _choice(
                rng,
                ["Alma", "Bora", "Cito", "Dash", "Eilt", "Fuchs"],
                [0.3, 0.25, 0.2, 0.1, 0.1, 0.05],
                rows,
                collected,
            ),
            "items": pa.array(items),
            "amount_cents": pa.array(amount),
            "discount": pa.array(discount, mask=plain),
            "gift": pa.array(rng.random(rows) < 0.12),
            "note": pc.binary_join_element_wise(texts, numbers, " #"),
            "tracking": track,
        }
    )
