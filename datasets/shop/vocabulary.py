"""The shop's words, from Faker: names, cities, brands, and what customers write.

Everything here is drawn once per seed, some thousand words in about a second; rows are then drawn
from these pools. Faker is imported only when words are made.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker

COUNTRIES = {
    "de_DE": "Germany",
    "pl_PL": "Poland",
    "es_ES": "Spain",
    "ro_RO": "Romania",
    "cs_CZ": "Czechia",
    "de_AT": "Austria",
    "nl_NL": "Netherlands",
    "pt_PT": "Portugal",
    "sv_SE": "Sweden",
    "da_DK": "Denmark",
    "de_CH": "Switzerland",
    "fi_FI": "Finland",
    "hr_HR": "Croatia",
    "sl_SI": "Slovenia",
}
"""Locale of Faker -> country. The order is that of the codes of countries."""

CITIES_EACH = 18
NAMES_EACH = 40
NOTES = 600
COMPANIES_EACH = 20
REVIEWS_EACH = 60
BROWSERS_EACH = 80
DEVICES = ("phone", "desktop", "tablet")
BOT_AGENT = "Mozilla/5.0 (compatible; PriceHound/2.1; +https://example.com/bot)"

# Category, its lowest and highest price in cents, and its things; most frequent category first.
CATEGORIES: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("Kitchen", 499, 19_999, ("kettle", "pan", "teapot", "knife", "scale", "mixing bowl")),
    ("Books", 699, 5_999, ("novel", "cookbook", "atlas", "comic", "dictionary")),
    ("Clothing", 999, 24_999, ("jacket", "scarf", "shirt", "jumper", "socks")),
    ("Toys", 499, 14_999, ("puzzle", "kite", "train set", "doll's house", "board game")),
    ("Garden", 399, 39_999, ("spade", "hose", "seed box", "lantern", "deck chair")),
    ("Office", 299, 29_999, ("desk lamp", "notebook", "stapler", "chair", "label printer")),
    ("Sports", 799, 49_999, ("ball", "yoga mat", "racket", "rucksack", "dumb-bell")),
    ("Electronics", 1_499, 99_999, ("headphones", "monitor", "keyboard", "camera", "speaker")),
    ("Beauty", 399, 7_999, ("soap", "shampoo", "hand cream", "hairbrush")),
    ("Food", 299, 4_999, ("coffee", "olive oil", "tea", "chocolate", "honey")),
    ("Pets", 399, 12_999, ("dog lead", "cat tree", "bird feeder", "aquarium pump")),
    ("Music", 599, 89_999, ("ukulele", "music stand", "metronome", "recorder")),
    ("Lighting", 899, 34_999, ("floor lamp", "light chain", "bulb", "wall lamp")),
    ("Bathroom", 599, 17_999, ("towel", "mirror", "shower head", "bath mat")),
    ("Tools", 699, 44_999, ("drill", "hammer", "spirit level", "screwdriver set")),
    ("Travel", 999, 27_999, ("suitcase", "neck pillow", "travel mug", "adapter")),
    ("Bicycles", 599, 99_999, ("saddle", "bell", "helmet", "pannier", "folding bike")),
    ("Baby", 499, 49_999, ("sling", "night light", "high chair", "bib")),
    ("Crafts", 299, 9_999, ("wool", "paint box", "sewing kit", "beads")),
    ("Furniture", 2_999, 99_999, ("shelf", "side table", "stool", "bed frame")),
)

# Filled in by Faker in the language that stands before; {{words}} are Faker's own providers.
_NOTES = (
    ("en_GB", "Please leave it with {{first_name}} {{last_name}} next door"),
    ("en_GB", "Arrived in two days, well packed, exactly as described"),
    ("en_GB", "It is a present for {{first_name}}, so no invoice in the box, please"),
    ("en_GB", "Wrong colour: I had asked for {{color_name}}, can I send it back?"),
    ("en_GB", "Ring twice, the bell of {{street_name}} {{building_number}} is weak"),
    ("de_DE", "Bitte bei {{last_name}} abgeben, wir sind erst abends zu Hause"),
    ("de_DE", "Schnell geliefert, schön verpackt, gerne wieder"),
    ("de_DE", "Klingel defekt, bitte anrufen: {{phone_number}}"),
    ("de_DE", "Für {{first_name}} zum Geburtstag, bitte als Geschenk einpacken"),
    ("pl_PL", "Proszę zostawić u sąsiadki, pani {{last_name_female}}"),
    ("pl_PL", "Paczka dotarła szybko, dziękuję, polecam każdemu"),
    ("es_ES", "Por favor, dejen el paquete con {{first_name}}, señal en la puerta"),
    ("es_ES", "Llegó a tiempo, pero la caja estaba dañada"),
    ("pt_PT", "Chegou depressa, muito obrigada, até à próxima"),
    ("cs_CZ", "Prosím nechte u sousedů, {{last_name}}, druhé patro"),
    ("sv_SE", "Lämna paketet hos {{first_name}}, tack så mycket"),
    ("nl_NL", "Graag bij de buren, {{last_name}}, bezorgen als wij er niet zijn"),
)
# What customers write about a delivery, by the number of stars.
_REVIEWS: tuple[tuple[str, ...], ...] = (
    ("Never again", "Zerbrochen angekommen", "Zu spät, und niemand meldet sich", "Muito mau"),
    ("Late, and the box was open", "Leider beschädigt", "Llegó tarde", "Za pozdě"),
    ("It came", "In Ordnung", "Normal", "Było w porządku", "Ni bra ni dåligt"),
    ("Quick and friendly", "Schnell da, danke", "Muy bien", "Szybko i dobrze", "Snabbt"),
    ("Perfect, thank you", "Wunderbar, gerne wieder", "¡Excelente!", "Świetnie", "Toppen"),
)
_EMOJI = ("", "", "", " 🙂", " 👍", " 🎁", " 😡", " ❤️", " 📦💨", " ⭐⭐⭐⭐⭐", " 🎉", " 🤔")


@dataclass(frozen=True)
class Vocabulary:
    """The pools of one seed. A city's country is its place // CITIES_EACH; so are the names'."""

    cities: tuple[str, ...]  # COUNTRIES x CITIES_EACH, all different
    first_names: tuple[str, ...]  # COUNTRIES x NAMES_EACH
    last_names: tuple[str, ...]
    city_order: tuple[int, ...]  # places in `cities`, the most frequent city first
    brands: tuple[str, ...]
    colours: tuple[str, ...]
    notes: tuple[str, ...]  # NOTES of them at most, all different
    addresses: tuple[str, ...]  # COUNTRIES x NAMES_EACH
    companies: tuple[str, ...]  # COUNTRIES x COMPANIES_EACH
    browsers: tuple[tuple[str, ...], ...]  # user agents of each of DEVICES
    reviews: tuple[str, ...]  # 5 x REVIEWS_EACH, by stars


_handed: dict[int, Vocabulary] = {}


def hand_over(seed: int, words: Vocabulary) -> None:
    """Give this process words that another one has drawn; it then needs no Faker."""
    _handed[seed] = words


@lru_cache(maxsize=4)
def vocabulary(seed: int) -> Vocabulary:
    """The words for `seed`: the same wherever the same version of Faker is installed."""
    if seed in _handed:
        return _handed[seed]
    speakers = {locale: _speaker(locale, seed) for locale in [*COUNTRIES, "en_GB"]}
    cities: list[str] = []
    first: list[str] = []
    last: list[str] = []
    for locale in COUNTRIES:
        faker = speakers[locale]
        cities += _different(CITIES_EACH, faker.city, avoid=cities, fits=_plain)
        first += [faker.first_name() for _ in range(NAMES_EACH)]
        last += [faker.last_name() for _ in range(NAMES_EACH)]
    english = speakers["en_GB"]
    order = list(range(len(cities)))
    english.random.shuffle(order)

    def note() -> str:
        locale, text = english.random.choice(_NOTES)
        return str(speakers[locale].parse(text)) + english.random.choice(_EMOJI)

    addresses = [
        _as_one_line(speakers[locale].street_address())
        for locale in COUNTRIES
        for _ in range(NAMES_EACH)
    ]
    companies = [
        _as_one_line(speakers[locale].company())
        for locale in COUNTRIES
        for _ in range(COMPANIES_EACH)
    ]

    def review(place: int) -> str:
        text = english.random.choice(_REVIEWS[place])
        if english.random.random() < 0.5:
            speaker = speakers[english.random.choice(("de_DE", "pl_PL", "es_ES", "en_GB"))]
            text += f", {speaker.first_name()}"
        return text + english.random.choice(("", ".", "!", *_EMOJI))

    return Vocabulary(
        cities=tuple(cities),
        first_names=tuple(first),
        last_names=tuple(last),
        city_order=tuple(order),
        brands=tuple(
            name
            for locale in ("de_DE", "es_ES", "sv_SE", "pl_PL", "en_GB")
            for name in _different(12, speakers[locale].last_name, fits=_plain)
        ),
        colours=tuple(_different(40, english.safe_color_name, more=english.color_name)),
        notes=tuple(_different(NOTES, note, fits=_fits_a_line)),
        addresses=tuple(addresses),
        companies=tuple(companies),
        browsers=(
            _agents(english, "phone"),
            _agents(english, "desktop"),
            _agents(english, "tablet"),
        ),
        reviews=tuple(review(place) for place in range(len(_REVIEWS)) for _ in range(REVIEWS_EACH)),
    )


def ascii_word(text: str) -> str:
    """`text` in lower-case ASCII letters, for use in an address: "Łódź" gives "lodz"."""
    special = text.lower().translate(_SPECIAL)
    plain = unicodedata.normalize("NFKD", special)
    return "".join(c for c in plain if c.isascii() and c.isalpha()) or "x"


_SPECIAL = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "đ": "d", "å": "a"})


def _speaker(locale: str, seed: int) -> Faker:
    from faker import Faker

    faker = Faker(locale)
    faker.seed_instance(f"{seed}-{locale}")  # text is hashed by SHA-512, the same everywhere
    return faker


def _plain(text: str) -> bool:
    """Whether `text` is a usual name: no brackets or commas, nothing that pandas reads as null."""
    return len(text) <= 28 and all(c.isalpha() or c in " -'." for c in text) and len(text) > 3


def _agents(faker: Faker, device: str) -> tuple[str, ...]:
    systems = {
        "phone": (faker.android_platform_token, faker.ios_platform_token),
        "desktop": (faker.windows_platform_token, faker.linux_platform_token),
        "tablet": (faker.ios_platform_token,),
    }[device]
    agents = []
    for number in range(BROWSERS_EACH):
        system = systems[number % len(systems)]()
        version = faker.random.randint(100, 140)
        agents.append(f"Mozilla/5.0 ({system}) Chrome/{version}.0 ({device})")
    return tuple(agents)


def _as_one_line(text: str) -> str:
    return " ".join(text.replace('"', "").split())


def _fits_a_line(text: str) -> bool:
    return '"' not in text and text.isprintable()


def _different(
    count: int,
    draw: Callable[[], str],
    *,
    avoid: list[str] | None = None,
    fits: Callable[[str], bool] = bool,
    more: Callable[[], str] | None = None,
) -> list[str]:
    """`count` different words, or as many as turn up in 50 draws for each."""
    found: dict[str, None] = {}
    for number in range(50 * count):
        word = (more or draw)() if number > 5 * count else draw()
        if fits(word) and word not in (avoid or ()):
            found[word] = None
        if len(found) == count:
            break
    return list(found)
