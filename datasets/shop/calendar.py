"""When things happen in the shop: two years with seasons, weekdays and hours of the day."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np

from shop.draw import Bools, Ints, Stream

BLOCK = 100  # so many rows in a row are drawn from one stretch of time
FIRST_DAY, LAST_DAY = dt.date(2024, 1, 1), dt.date(2025, 12, 31)
HOUR = 3_600_000_000  # microseconds
START = int(dt.datetime(2024, 1, 1, tzinfo=dt.UTC).timestamp()) * 1_000_000
_MONTHS = (90, 80, 90, 95, 95, 90, 80, 80, 95, 105, 140, 160)
_WEEKDAYS = (110, 100, 95, 95, 105, 90, 120)  # Monday first
_HOURS = (3, 2, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 11, 10, 9, 9, 9, 10, 12, 14, 15, 14, 10, 6)


def instants_of(stream: Stream, start: int, n: int, total: int) -> tuple[Ints, Ints]:
    """Of the rows `start` to `start + n` of `total`: hours since the first day, and instants.

    Instants are microseconds since 1970 in UTC. They ascend but for disorder within each BLOCK;
    `start` is a multiple of BLOCK.
    """
    hours, _ = _calendar()
    weight = int(hours[-1])
    block = np.arange(start, start + n, BLOCK, dtype=np.int64)
    low = block * weight // total
    high = np.maximum(low + 1, np.minimum(block + BLOCK, total) * weight // total)
    place = np.repeat(low, BLOCK)[:n] + stream.below(n, np.repeat(high - low, BLOCK)[:n])
    # Only the hours that these rows can lie in are searched: a few hundred of 17,544.
    first, last = np.searchsorted(hours, [low[0], high[-1]], side="right") if n else (0, 0)
    hour = first + np.searchsorted(hours[first:last], place, side="right")
    second = stream.below(n, 3600)
    micro = stream.below(n, 1_000_000)
    return hour, START + hour * HOUR + second * 1_000_000 + micro


def in_december(hours: Ints) -> Bools:
    """Whether the hours since the first day lie in a December."""
    return np.asarray(_calendar()[1].take(hours))


def at_weekend(instants: Ints) -> Bools:
    """Whether instants lie on a Saturday or Sunday in UTC."""
    days = instants // (24 * HOUR)
    return (days + 3) % 7 >= 5  # 1 January 1970 was a Thursday; 0 is Monday


@lru_cache(maxsize=1)
def _calendar() -> tuple[Ints, Bools]:
    """Running totals of the hours' weights, and whether an hour lies in December."""
    weights, december = [], []
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + dt.timedelta(days=number)
        growth = 12 if day.year == LAST_DAY.year else 10
        weight = _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] * growth // 100
        weights += [weight * hour for hour in _HOURS]
        december += [day.month == 12] * 24
    return np.cumsum(np.array(weights, dtype=np.int64)), np.array(december)
