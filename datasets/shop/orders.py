"""The rows of `orders`, and what other tables have to know of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from shop.arrow import as_text, hexadecimal, instants, joined, picked, spread
from shop.calendar import in_december, instants_of
from shop.draw import Bools, Codes, Ints, Shuffle, Stream, Weighted, Zipf, mix
from shop.population import BUSINESS, CITY_SHARES, PRIVATE, SCHOOL, Population
from shop.products import PROFESSIONAL, Products
from shop.vocabulary import vocabulary

STATUSES = ("delivered", "shipped", "returned", "cancelled", "pending")
PAYMENTS = ("card", "wallet", "invoice", "transfer")
COURIERS = ("Postline", "RedVan", "NordParcel", "CityBike", "GreenMile", "Hermod")
PERCENT = np.array([-1, 0, 5, 10, 15, 20, 25, 30, 50])  # -1: no voucher

_STATUS = Weighted([82, 8, 5, 3, 2])
_PRIVATE_PAYS = Weighted([55, 30, 10, 5])
_OTHERS_PAY = Weighted([20, 5, 60, 15])
_COURIER = Weighted([32, 24, 18, 12, 9, 5])
_PERCENT = Weighted([30, 10, 20, 15, 9, 7, 4, 3, 2])
_ITEMS = {
    PRIVATE: Weighted([0, *(1_000_000 // k**2 for k in range(1, 13))]),
    BUSINESS: Weighted([0, *(1_000_000 // k for k in range(1, 41))]),
    SCHOOL: Weighted([0, *[1] * 30]),
}

LARGEST = 1000  # one order in so many is one of the largest
_MORE_LINES = Weighted([55, 25, 12, 5, 3])  # lines after the first
GONE = 200  # one further line in so many names a product that is no longer sold


@dataclass(frozen=True)
class Baskets:
    """What is in a chunk's orders; the lines of an order follow each other."""

    keys: Ints  # per order
    customers: Ints
    segments: Codes
    guest: Bools
    collected: Bools
    percent: Ints  # voucher in per cent; -1 is none
    items: Ints
    first: Ints  # the place of each order's first line
    order: Ints  # per line, the place of its order
    products: Ints  # per line
    quantity: Ints
    price: Ints
    amount: Ints


class Orders:
    """Makes any range of the orders of one dataset."""

    def __init__(self, seed: int, n: int, customers: int, products: int, chunk_rows: int) -> None:
        self.seed = seed
        self.n = n
        self.words = vocabulary(seed)
        self.city_order = np.array(self.words.city_order)
        self.population = Population(seed, customers)
        self.prices = Products(seed, products).prices(chunk_rows)
        self.popular = Zipf(products)
        self.products = Shuffle(products, Stream(seed, "orders", "products"))
        self.salt = int(Stream(seed, "orders", "tracking").u64(1)[0])

    def stream(self, number: int, column: str) -> Stream:
        return Stream(self.seed, "orders", number, column)

    def baskets(self, number: int, start: int, n: int) -> Baskets:
        """What is in the orders `start` to `start + n`, which are chunk `number`."""

        def stream(column: str) -> Stream:
            return self.stream(number, column)

        keys = np.arange(start + 1, start + n + 1, dtype=np.int64)
        largest = self._largest(stream("largest"), n)
        customers, guest = self._customers(stream("customer_id"), n, largest)
        segments = self.population.segments(customers)
        segments[guest] = PRIVATE
        collected = stream("courier").chance(n, 0.06)
        collected[largest] = False
        percent = PERCENT[_PERCENT.take(stream("discount").u16(n))]
        percent[largest] = np.minimum(percent[largest], 10)
        items = self._items(stream("items"), segments, collected, largest)
        more = np.minimum(_MORE_LINES.take(stream("lines").u16(n)), items - 1)
        more[largest] = 0
        first = np.cumsum(more + 1) - (more + 1)
        order = np.repeat(np.arange(n), more + 1)
        quantity = np.ones(len(order), dtype=np.int64)
        quantity[first] = items - more
        products = np.empty(len(order), dtype=np.int64)
        products[first] = self._products(stream("product_id"), n, largest)
        further = np.ones(len(order), dtype=bool)
        further[first] = False
        places = np.flatnonzero(further)
        others = stream("other products")
        products[places] = self._products(others, len(places), np.array([], dtype=np.int64))
        price = self.prices[products - 1]
        amount = (quantity * price * (100 - np.maximum(percent, 0)[order]) + 50) // 100
        gone = places[others.chance(len(places), 1 / GONE)]
        products[gone] += len(self.prices)
        return Baskets(
            keys, customers, segments, guest, collected, percent, items, first, order, products,
            quantity, price, amount,
        )  # fmt: skip

    def times(self, number: int, start: int, n: int) -> tuple[Ints, Ints]:
        """The hour of each order since the first day, and its instant in microseconds."""
        return instants_of(self.stream(number, "ordered_at"), start, n, self.n)

    def couriers(self, number: int, n: int) -> Codes:
        """Place in COURIERS per order; it means nothing where the order is collected."""
        return _COURIER.take(self.stream(number, "carrier").u16(n))

    def statuses(self, number: int, n: int) -> Codes:
        """Place in STATUSES per order."""
        return _STATUS.take(self.stream(number, "status").u16(n))

    def chunk(self, number: int, start: int, n: int) -> dict[str, Any]:
        """Arrow columns of the rows `start` to `start + n`, which are chunk `number`."""

        def stream(column: str) -> Stream:
            return self.stream(number, column)

        inside = self.baskets(number, start, n)
        hours, times = self.times(number, start, n)
        city = stream("city")
        cities = self.population.cities(inside.customers)
        elsewhere = city.chance(n, 0.15) | inside.guest
        cities = np.where(elsewhere, CITY_SHARES.take(city.u16(n)), cities)
        unknown = inside.collected & city.chance(n, 1 / 3)
        pays = stream("payment").u16(n)
        pays = np.where(
            inside.segments == PRIVATE, _PRIVATE_PAYS.take(pays), _OTHERS_PAY.take(pays)
        )
        gift = stream("gift").u16(n) < np.where(in_december(hours), 11_796, 3_932)
        couriers = self.couriers(number, n)
        return {
            "order_id": pa.array(inside.keys),
            "customer_id": pa.array(inside.customers, mask=inside.guest),
            "product_id": pa.array(inside.products[inside.first]),
            "ordered_at": instants(times),
            "city": picked(self.words.cities, self.city_order[cities], unknown),
            "status": picked(STATUSES, self.statuses(number, n)),
            "payment": picked(PAYMENTS, pays),
            "courier": picked(COURIERS, couriers, inside.collected),
            "items": pa.array(inside.items),
            "amount_cents": pa.array(np.add.reduceat(inside.amount, inside.first)),
            "discount": pa.array(inside.percent / 100, mask=inside.percent < 0),
            "gift": pa.array(gift),
            "note": self._notes(stream("note"), inside.keys),
            "tracking": hexadecimal("BPX-", mix(inside.keys, self.salt)),
        }

    def _largest(self, stream: Stream, n: int) -> Ints:
        """The places of the largest orders: one anywhere in each full LARGEST rows."""
        blocks = np.arange(n // LARGEST, dtype=np.int64)
        return blocks * LARGEST + stream.below(len(blocks), LARGEST)

    def _customers(self, stream: Stream, n: int, largest: Ints) -> tuple[Ints, Bools]:
        """Keys of customers, and which rows are guests' (their key means nothing)."""
        people = self.population
        customers = people.draw(stream, n)
        kind = stream.u32(n)
        percent = np.uint32(2**32 // 100)
        guest, gone = kind < percent, (kind >= percent) & (kind < 2 * percent)
        gone_keys = people.n + 1 + stream.below(n, max(1, people.n // 20))
        customers = np.where(gone, gone_keys, customers)
        customers[largest] = people.ranked(stream.below(len(largest), people.best))
        guest[largest] = False
        return customers, guest

    def _products(self, stream: Stream, n: int, largest: Ints) -> Ints:
        products = self.products.there(self.popular.take(stream.u64(n))) + 1
        products -= products % PROFESSIONAL == 0  # its neighbour is an everyday product
        dear = len(self.prices) // PROFESSIONAL
        products[largest] = (stream.below(len(largest), dear) + 1) * PROFESSIONAL
        return products

    def _items(self, stream: Stream, segments: Codes, collected: Bools, largest: Ints) -> Ints:
        n = len(segments)
        bits = stream.u16(n)
        items = _ITEMS[PRIVATE].take(bits).astype(np.int64)
        for segment in (BUSINESS, SCHOOL):
            where = np.flatnonzero(segments == segment)
            items[where] = _ITEMS[segment].take(bits[where])
        where = np.flatnonzero(collected)
        items[where] = 1 + stream.below(len(where), 3)
        items[largest] = 36 + stream.below(len(largest), 5)
        return items

    def _notes(self, stream: Stream, keys: Ints) -> Any:
        """A text from the pool and the order's number for two orders in five, else null."""
        n = len(keys)
        written = stream.chance(n, 0.4)
        where = np.flatnonzero(written)
        texts = as_text(picked(self.words.notes, stream.below(len(where), len(self.words.notes))))
        return spread(joined(texts, " (no. ", pa.array(keys[where]), ")"), written)
