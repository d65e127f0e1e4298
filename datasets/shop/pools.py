"""The shop's vocabulary, from Faker: names, cities, products, notes. Seeded, and small."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

# Faker's it_IT draws cities from a set, so its cities change with Python's hash seed.
LOCALES = {
    "de_AT": "Austria",
    "fr_FR": "France",
    "cs_CZ": "Czechia",
    "pl_PL": "Poland",
    "sv_SE": "Sweden",
}
CITIES = 250
EMOJI = ("🙂", "🎁", "❤️", "👍", "🚲", "🌧️", "☕", "🐈")
CATEGORIES = (
    "bags", "bikes", "books", "camping", "coffee", "garden", "games", "kitchen", "lamps", "music",
    "office", "paper", "pets", "plants", "radios", "shoes", "tea", "tools", "toys", "watches",
)  # fmt: skip
MISREAD = {"NA", "N/A", "NULL", "NAN", "NONE"}  # CSV readers take these for missing values


@dataclass(frozen=True)
class Pools:
    """Arrow arrays to draw from."""

    names: pa.Array
    cities: pa.Array
    countries: pa.Array  # of each city
    city_weights: np.ndarray
    products: pa.Array
    notes: pa.Array


@lru_cache(maxsize=4)
def pools(seed: int) -> Pools:
    """The vocabulary of one seed. Takes about a second; Faker is imported here only."""
    from faker import Faker

    names: list[str] = []
    cities: dict[str, str] = {}
    for number, (locale, country) in enumerate(LOCALES.items()):
        fake = Faker(locale)
        fake.seed_instance(seed * 101 + number)
        names += [f"{fake.first_name()} {fake.last_name()}" for _ in range(800)]
        mine: list[str] = []
        for _ in range(2_000):
            city = fake.city()
            if city not in cities and city.upper() not in MISREAD:
                cities[city] = country
                mine.append(city)
            if len(mine) == CITIES // len(LOCALES):
                break
    english = Faker("en_GB")
    english.seed_instance(seed * 101 + 99)
    products = [english.color_name() + " " + english.word() for _ in range(2_000)]
    notes = [f"{english.sentence(nb_words=9)} {EMOJI[i % len(EMOJI)]}" for i in range(1_500)]
    order = np.random.default_rng([seed, 1]).permutation(len(cities))
    listed = list(cities.items())
    weights = 1 / np.arange(1, len(listed) + 1) ** 0.9
    return Pools(
        pa.array(names),
        pa.array([listed[i][0] for i in order]),
        pa.array([listed[i][1] for i in order]),
        weights / weights.sum(),
        pa.array(products),
        pa.array(notes),
    )
