"""Random numbers that are the same on every machine and in every chunk.

NumPy guarantees the raw bits of its bit generators for good, but not what its distributions make
of them, and the last digit of exp or log differs between processors. So values are drawn from raw
bits by whole-number arithmetic, products and square roots, which are exact everywhere.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[Any]  # small unsigned numbers, one per row
Bools = npt.NDArray[np.bool_]


class Stream:
    """Raw bits for one column of one chunk. Each call goes on where the last one stopped."""

    def __init__(self, seed: int, *key: str | int) -> None:
        numbers = [part if isinstance(part, int) else zlib.crc32(part.encode()) for part in key]
        self._bits = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=numbers))

    def u64(self, n: int) -> npt.NDArray[np.uint64]:
        """`n` numbers below 2^64."""
        return np.asarray(self._bits.random_raw(n), dtype="<u8")

    def u32(self, n: int) -> npt.NDArray[np.uint32]:
        """`n` numbers below 2^32."""
        return self.u64((n + 1) // 2).view("<u4")[:n]

    def u16(self, n: int) -> npt.NDArray[np.uint16]:
        """`n` numbers below 2^16."""
        return self.u64((n + 3) // 4).view("<u2")[:n]

    def below(self, n: int, limit: int | Ints) -> Ints:
        """`n` whole numbers from 0 to `limit` - 1; `limit` is at most 2^31, one or one per row."""
        return (self.u32(n).astype(np.int64) * limit) >> 32

    def chance(self, n: int, share: float) -> Bools:
        """True for about `share` of `n` rows."""
        return self.u32(n) < np.uint32(round(share * 2**32))


class Weighted:
    """Draws codes 0, 1, ... with given weights, by looking 16 random bits up in a table."""

    def __init__(self, weights: Sequence[int], dtype: str = "uint8") -> None:
        totals = np.cumsum([0, *weights], dtype=np.int64)
        edges = (totals << 16) // totals[-1]
        self.table = np.repeat(np.arange(len(weights)), np.diff(edges)).astype(dtype)

    def take(self, bits: npt.NDArray[np.uint16]) -> Codes:
        """One code per 16 bits."""
        return self.table.take(bits)


class Zipf:
    """Ranks 0 to n - 1; the first k have a share of ln(k + 1) / ln(n + 1) (exponent 1)."""

    def __init__(self, n: int) -> None:
        self.n = n
        # The quantile function is (n + 1)^u. Its values at multiples of 2^-16 are products of
        # repeated square roots of n + 1, so no power function is needed.
        roots = [np.float64(n + 1)]
        for _ in range(16):
            roots.append(np.sqrt(roots[-1]))
        values = np.ones(1)
        for root in roots[1:]:
            values = np.multiply.outer(values, np.array([1.0, root])).ravel()
        fixed = np.append(values, n + 1.0) * 2**16
        self.edges = np.rint(fixed).astype(np.int64)
        self.steps = np.diff(self.edges)

    def take(self, bits: npt.NDArray[np.uint64]) -> Ints:
        """One rank per 64 bits."""
        place = (bits >> np.uint64(48)).view(np.int64)
        value = (bits & np.uint64(2**32 - 1)).view(np.int64)
        value *= self.steps[place]
        value >>= 32
        value += self.edges[place]
        value >>= 16
        value -= 1
        return np.minimum(value, self.n - 1, out=value)


class Shuffle:
    """A one-to-one map of 0 ... n - 1 onto itself that needs no memory: i -> (a i + b) mod n."""

    def __init__(self, n: int, stream: Stream) -> None:
        first, second = (int(value) for value in stream.below(2, n))
        while np.gcd(first, n) != 1:
            first += 1
        self.n, self.a, self.b = n, first, second
        self.inverse = pow(first, -1, n)

    def there(self, values: Ints) -> Ints:
        """Where each value goes."""
        return (values * self.a + self.b) % self.n

    def back(self, values: Ints) -> Ints:
        """Where each value came from."""
        return ((values - self.b) % self.n) * self.inverse % self.n


def mix(values: Ints, salt: int) -> npt.NDArray[np.uint64]:
    """64 random-looking bits per value, different for different values (splitmix64).

    Source: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators, 2014.
    """
    x = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))
