"""The rows of `customers`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from shop.arrow import instants, joined, picked
from shop.draw import Stream
from shop.population import PRIVATE, SEGMENTS, Population
from shop.vocabulary import (
    CITIES_EACH,
    COMPANIES_EACH,
    COUNTRIES,
    NAMES_EACH,
    ascii_word,
    vocabulary,
)

DOMAINS = ("example.com", "example.org", "example.net")  # reserved by RFC 2606: nobody's
OPENED = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
CLOSED = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


class Customers:
    """Makes any range of the customers of one dataset."""

    def __init__(self, seed: int, n: int) -> None:
        self.seed = seed
        self.population = Population(seed, n)
        self.words = vocabulary(seed)
        self.first = [ascii_word(name) for name in self.words.first_names]
        self.last = [ascii_word(name) for name in self.words.last_names]

    def chunk(self, number: int, start: int, n: int) -> dict[str, Any]:
        """Arrow columns of the rows `start` to `start + n`, which are chunk `number`."""

        def stream(column: str) -> Stream:
            return Stream(self.seed, "customers", number, column)

        words = self.words
        keys = np.arange(start + 1, start + n + 1, dtype=np.int64)
        cities = np.array(words.city_order).take(self.population.cities(keys))
        countries = cities // CITIES_EACH
        first = countries * NAMES_EACH + stream("first").below(n, NAMES_EACH)
        last = countries * NAMES_EACH + stream("last").below(n, NAMES_EACH)
        address = countries * NAMES_EACH + stream("address").below(n, NAMES_EACH)
        company = countries * COMPANIES_EACH + stream("company").below(n, COMPANIES_EACH)
        segments = self.population.segments(keys)
        domains = stream("domain").below(n, len(DOMAINS))
        hours = int((CLOSED - OPENED).total_seconds()) // 3600
        since = stream("since")
        opened = (since.below(n, hours) * 3_600_000 + since.below(n, 3_600_000)) * 1000
        return {
            "customer_id": pa.array(keys),
            "name": joined(picked(words.first_names, first), " ", picked(words.last_names, last)),
            "email": joined(
                picked(self.first, first),
                ".",
                picked(self.last, last),
                pa.array(keys),
                "@",
                picked(DOMAINS, domains),
            ),
            "city": picked(words.cities, cities, stream("city").chance(n, 0.02)),
            "country": picked(tuple(COUNTRIES.values()), countries),
            "address": picked(words.addresses, address),
            "company": picked(words.companies, company, segments == PRIVATE),
            "segment": picked(SEGMENTS, segments),
            "since": instants(int(OPENED.timestamp()) * 1_000_000 + opened),
            "newsletter": pa.array(stream("newsletter").chance(n, 0.35)),
        }
