"""The rows of `deliveries`: of the orders of the same chunk, but for the collected ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from shop.arrow import instants, picked
from shop.calendar import HOUR, at_weekend
from shop.draw import Stream, Weighted
from shop.orders import COURIERS, STATUSES, Orders
from shop.truth import NOISE_HOURS, SHORTEST_HOURS, truth
from shop.vocabulary import REVIEWS_EACH, vocabulary

WAREHOUSES = ("north", "centre", "south")
_WAREHOUSE = Weighted([30, 45, 25])
_ARRIVED = np.array([status in {"delivered", "returned"} for status in STATUSES])
_CARELESS = COURIERS.index("Hermod")


class Deliveries:
    """Makes the deliveries of any range of the orders of one dataset."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.words = vocabulary(orders.seed)
        self.truth = truth(orders.seed)

    def chunk(self, number: int, start: int, n: int) -> dict[str, Any]:
        """Arrow columns of the deliveries of the orders `start` to `start + n`."""

        def stream(column: str) -> Stream:
            return Stream(self.orders.seed, "deliveries", number, column)

        inside = self.orders.baskets(number, start, n)
        of = np.flatnonzero(~inside.collected)
        m = len(of)
        _, ordered = self.orders.times(number, start, n)
        couriers = self.orders.couriers(number, n).take(of)
        arrived = _ARRIVED.take(self.orders.statuses(number, n).take(of))
        keys = inside.keys.take(of)
        lost = stream("order_id").chance(m, 0.005)
        keys = np.where(lost, keys + self.orders.n, keys)
        where = stream("distance_km")
        tenths = 200 + where.below(m, 7_300) + where.below(m, 7_300)
        weight = self._weights(stream("weight_g"), inside.items.take(of))
        express = stream("express").chance(m, 0.15)
        dispatched = (
            ordered.take(of) + 2 * HOUR + stream("dispatched_at").below(m, 48 * 3600) * 1_000_000
        )
        hours = self._hours(
            stream("hours"), tenths, weight, express, at_weekend(dispatched), couriers
        )
        thousandths = np.rint(hours * 1000).astype(np.int64)
        judged = stream("stars")
        # Five stars up to 14 hours, one fewer for every 7 more; and then a star of luck.
        stars = np.clip(5 - (thousandths - 14_000) // 7_000 + judged.below(m, 3) - 1, 1, 5)
        quiet = judged.chance(m, 0.6) | ~arrived
        review = stream("review")
        wordless = quiet | review.chance(m, 0.5)
        texts = (stars - 1) * REVIEWS_EACH + review.below(m, REVIEWS_EACH)
        careless = np.where(couriers == _CARELESS, 13_107, 655)  # of 65,536
        return {
            "order_id": pa.array(keys),
            "courier": picked(COURIERS, couriers),
            "warehouse": picked(WAREHOUSES, _WAREHOUSE.take(stream("warehouse").u16(m))),
            "distance_km": pa.array(tenths / 10, mask=stream("no distance").u16(m) < careless),
            "weight_g": pa.array(weight, mask=stream("no weight").chance(m, 0.01)),
            "express": pa.array(express),
            "dispatched_at": instants(dispatched),
            "delivered_at": instants(dispatched + thousandths * (HOUR // 1000), ~arrived),
            "hours": pa.array(thousandths / 1000, mask=~arrived),
            "stars": pa.array(stars, mask=quiet),
            "review": picked(self.words.reviews, texts, wordless),
        }

    def _weights(self, stream: Stream, items: Any) -> Any:
        u = stream.u16(len(items)).astype(np.int64)
        return items * (50 + ((u * u >> 16) * 3_000 >> 16))

    def _hours(
        self, stream: Stream, tenths: Any, weight: Any, express: Any, weekend: Any, couriers: Any
    ) -> Any:
        """Hours on the way. Only sums and products of floats: the same on every machine."""
        true = self.truth
        n = len(tenths)
        total = np.zeros(n, dtype=np.int64)
        for _ in range(12):
            total += stream.u16(n)
        noise = (total - 6 * 65_535) / 65_536 * NOISE_HOURS
        by_courier = np.array([true.courier[name] for name in COURIERS])
        hours = (
            true.base
            + true.per_100_km * (tenths / 1000)
            + true.per_kg * (weight / 1000)
            + by_courier.take(couriers)
            + true.express * express
            + true.weekend * weekend
            + noise
        )
        return np.maximum(hours, SHORTEST_HOURS)
