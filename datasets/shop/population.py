"""What is fixed about a customer by the key alone, so that no table has to be read to know it.

Orders need the segment and the city of whoever ordered. Both follow from the key and the seed, in
the customers' table and in the orders' alike, however many rows either has.
"""

from __future__ import annotations

import numpy as np

from shop.draw import Codes, Ints, Shuffle, Stream, Weighted, Zipf, mix
from shop.vocabulary import CITIES_EACH, COUNTRIES

SEGMENTS = ("private", "business", "school")
PRIVATE, BUSINESS, SCHOOL = range(3)
PLACES = len(COUNTRIES) * CITIES_EACH

SEGMENT_SHARES = Weighted([86, 9, 5])
CITY_SHARES = Weighted([1_000_000 // (place + 1) for place in range(PLACES)])


class Population:
    """The customers of one dataset, with keys 1 to `n`."""

    def __init__(self, seed: int, n: int) -> None:
        self.n = n
        self.best = max(1, n // 1000)  # so many rank before all others, and are businesses
        self._zipf = Zipf(n)
        self._keys = Shuffle(n, Stream(seed, "population", "keys"))
        segment, city = Stream(seed, "population", "traits").u64(2)
        self._segment_salt, self._city_salt = int(segment), int(city)

    def draw(self, stream: Stream, n: int) -> Ints:
        """`n` keys, the best customers' most often (Zipf)."""
        return self.ranked(self._zipf.take(stream.u64(n)))

    def ranked(self, ranks: Ints) -> Ints:
        """The keys of the customers at these ranks, 0 being the best."""
        return self._keys.there(ranks) + 1

    def segments(self, keys: Ints) -> Codes:
        """Place in SEGMENTS per key; keys that no customer has count as well."""
        codes = SEGMENT_SHARES.take((mix(keys, self._segment_salt) >> np.uint64(48)).astype("u2"))
        best = (keys <= self.n) & (self._keys.back(keys - 1) < self.best)
        codes[best] = BUSINESS
        return codes

    def cities(self, keys: Ints) -> Codes:
        """Rank of the home city per key, 0 being the most frequent city."""
        return CITY_SHARES.take((mix(keys, self._city_salt) >> np.uint64(48)).astype("u2"))
