"""The rows of `products`, and the prices that orders are reckoned from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from shop.arrow import joined, picked
from shop.draw import Codes, Ints, Stream, Weighted
from shop.vocabulary import CATEGORIES, vocabulary

PROFESSIONAL = 100  # every so many-th product is equipment for professionals
_SHARES = Weighted([1_000_000 // (place + 5) for place in range(len(CATEGORIES))])


class Products:
    """Makes any range of the products of one dataset."""

    def __init__(self, seed: int, n: int) -> None:
        self.seed = seed
        self.n = n

    def chunk(self, number: int, start: int, n: int) -> dict[str, Any]:
        """Arrow columns of the rows `start` to `start + n`, which are chunk `number`."""
        words = vocabulary(self.seed)
        stream = self._stream(number)
        keys = np.arange(start + 1, start + n + 1, dtype=np.int64)
        categories = self._categories(number, n)
        things = tuple(thing for *_, some in CATEGORIES for thing in some)
        counts = np.array([len(some) for *_, some in CATEGORIES])
        firsts = np.cumsum(counts) - counts
        thing = firsts.take(categories) + stream("thing").below(n, counts.take(categories))
        return {
            "product_id": pa.array(keys),
            "name": joined(
                picked(words.brands, stream("brand").below(n, len(words.brands))),
                " ",
                picked(things, thing),
                ", ",
                picked(words.colours, stream("colour").below(n, len(words.colours))),
            ),
            "category": picked(tuple(name for name, *_ in CATEGORIES), categories),
            "price_cents": pa.array(self._prices(number, keys, categories)),
            "weight_g": pa.array(50 + _often_low(stream("weight"), n, 19_950)),
        }

    def prices(self, chunk_rows: int) -> Ints:
        """The price in cents of each product, the product with key 1 first."""
        parts = []
        for number, start in enumerate(range(0, self.n, chunk_rows)):
            n = min(chunk_rows, self.n - start)
            keys = np.arange(start + 1, start + n + 1, dtype=np.int64)
            parts.append(self._prices(number, keys, self._categories(number, n)))
        return np.concatenate(parts)

    def _stream(self, number: int) -> Any:
        return lambda column: Stream(self.seed, "products", number, column)

    def _categories(self, number: int, n: int) -> Codes:
        return _SHARES.take(self._stream(number)("category").u16(n))

    def _prices(self, number: int, keys: Ints, categories: Codes) -> Ints:
        low = np.array([low for _, low, *_ in CATEGORIES]).take(categories)
        high = np.array([high for _, _, high, _ in CATEGORIES]).take(categories)
        stream = self._stream(number)("price")
        usual = low + _often_low(stream, len(keys), high - low + 1)
        dear = 600_000 + stream.below(len(keys), 300_000)
        return np.asarray(np.where(keys % PROFESSIONAL == 0, dear, usual) // 10 * 10 + 9)


def _often_low(stream: Stream, n: int, limit: int | Ints) -> Ints:
    """Whole numbers below `limit`: that of u^3, where u is uniform."""
    u = stream.u16(n).astype(np.int64)
    return ((((u * u >> 16) * u) >> 16) * limit) >> 16
