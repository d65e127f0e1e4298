"""What there is: the sizes, the tables, and the meaning of every column.

This module holds descriptions only, so that it can be read where nothing can be made.
"""

from __future__ import annotations

import difflib
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shop.errors import ShopError

if TYPE_CHECKING:
    import pandas as pd

SIZES = {
    "tiny": 1_000,
    "small": 100_000,
    "medium": 1_000_000,
    "large": 10_000_000,
    "huge": 100_000_000,
}
"""Name of a size -> number of orders. Any other number of orders can be asked for as well."""

FEWEST, MOST = 100, 10**10  # orders of one dataset

SEED = 20261
"""The published seed: what notebooks and the book use."""

FORMATS = ("parquet", "csv", "daily")
"""One file or folder of parts as Parquet or CSV; `daily` is Parquet in a folder for each day."""

DAY_OF = {"orders": "ordered_at", "clicks": "clicked_at", "deliveries": "dispatched_at"}
"""Table -> the column whose day in UTC its `daily` form is cut by."""


@dataclass(frozen=True)
class Column:
    """One column: its Arrow type, and what a reader has to know about its values."""

    name: str
    type: str  # int64, float64, bool, string or timestamp[us, UTC]
    meaning: str
    unit: str = ""
    nulls: str = "none"
    distribution: str = ""


_CUSTOMERS = (
    Column("customer_id", "int64", "key of the customer", distribution="1 to the number of rows"),
    Column(
        "name",
        "string",
        "first and last name",
        distribution="40 first and 40 last names for each of 14 countries; not unique",
    ),
    Column(
        "email",
        "string",
        "address in ASCII, made of the name and the key",
        distribution="unique; one of 3 domains that do not exist",
    ),
    Column(
        "city",
        "string",
        "where the customer lives",
        nulls="2 %, at random",
        distribution="252 cities of 14 countries; the k-th most frequent has a share ~ 1/k",
    ),
    Column(
        "country",
        "string",
        "the country of the city, known where the city is not",
        distribution="14 countries",
    ),
    Column(
        "address",
        "string",
        "street and number, in the country's way",
        distribution="40 for each country; not unique",
    ),
    Column(
        "company",
        "string",
        "name of the company or school",
        nulls="all private customers",
        distribution="20 for each country; not unique",
    ),
    Column(
        "segment",
        "string",
        "private, business or school",
        distribution="86 %, 9 %, 5 %; the 0.1 % who order most are businesses",
    ),
    Column(
        "since",
        "timestamp[us, UTC]",
        "when the account was opened",
        "instant, UTC",
        distribution="uniform over 2018 to 2023, so before every order",
    ),
    Column("newsletter", "bool", "whether the newsletter is wanted", distribution="35 % true"),
)

_PRODUCTS = (
    Column("product_id", "int64", "key of the product", distribution="1 to the number of rows"),
    Column("name", "string", "brand, thing and colour", distribution="not unique"),
    Column(
        "category",
        "string",
        "shelf of the shop",
        distribution="20 categories; the k-th has a weight of 1/(k + 4)",
    ),
    Column(
        "price_cents",
        "int64",
        "price of one item",
        "euro cents",
        distribution=(
            "299 to 99,999 by category, cheap ones more frequent; every 100th product is for "
            "professionals and costs 600,009 to 899,999; all end in 9"
        ),
    ),
    Column(
        "weight_g",
        "int64",
        "weight of one item",
        "grams",
        distribution="50 to 19,999, light ones more frequent",
    ),
)

_ORDERS = (
    Column("order_id", "int64", "key of the order", distribution="1 to the number of rows"),
    Column(
        "customer_id",
        "int64",
        "who ordered; float64 in pandas",
        nulls="1 %: guests",
        distribution=(
            "Zipf with exponent 1: the k best customers have a share of ln(k + 1) / ln(n + 1); "
            "another 1 % of the orders name customers that do not exist (any more)"
        ),
    ),
    Column(
        "product_id",
        "int64",
        "the main product: that of the first line in order_items",
        distribution="Zipf with exponent 1, over the products that are not for professionals",
    ),
    Column(
        "ordered_at",
        "timestamp[us, UTC]",
        "when the order came in",
        "instant, UTC",
        distribution=(
            "2024 and 2025: rises in November and December, on Mondays and Sundays, in the "
            "evening, and by 20 % in the second year; ascending with order_id but for disorder "
            "within each 100 orders"
        ),
    ),
    Column(
        "city",
        "string",
        "where the parcel goes",
        nulls="2 %, not at random: a third of the collected orders, which are small",
        distribution="85 % the customer's own city, else any, with the shares of customers.city",
    ),
    Column(
        "status",
        "string",
        "state of the order",
        distribution="delivered 82 %, shipped 8 %, returned 5 %, cancelled 3 %, pending 2 %",
    ),
    Column(
        "payment",
        "string",
        "card, wallet, invoice or transfer",
        distribution="private 55, 30, 10, 5 %; others 20, 5, 60, 15 %",
    ),
    Column(
        "courier",
        "string",
        "who carries the parcel",
        nulls="6 %: collected by the customer",
        distribution="6 couriers with 32, 24, 18, 12, 9 and 5 %",
    ),
    Column(
        "items",
        "int64",
        "number of items",
        "items",
        distribution=(
            "1 to 40; private: 1 to 12 with weight 1/k^2; business: 1 to 40 with weight 1/k; "
            "school: 1 to 30, each as likely; collected: 1 to 3; 36 to 40 in the largest orders"
        ),
    ),
    Column(
        "amount_cents",
        "int64",
        "the sum of the order's lines in order_items",
        "euro cents",
        distribution=(
            "follows from the others; one order in each full 1,000 is for professional equipment "
            "and exceeds 2^24, where float32 loses cents"
        ),
    ),
    Column(
        "discount",
        "float64",
        "share taken off by a voucher; 0 is a voucher that gave nothing",
        "share of 1",
        nulls="30 %: no voucher",
        distribution="0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5 with 10, 20, 15, 9, 7, 4, 3, 2 %",
    ),
    Column("gift", "bool", "to be wrapped", distribution="6 % true, 18 % in December, independent"),
    Column(
        "note",
        "string",
        "what the customer wrote: several languages, emoji, a running number",
        nulls="60 %, at random",
        distribution="one of up to 600 texts, then the order's number: unique; no line breaks",
    ),
    Column(
        "tracking",
        "string",
        "number of the parcel, 20 characters",
        distribution="unique; BPX- and 16 hexadecimal digits that cannot be compressed",
    ),
)

_ORDER_ITEMS = (
    Column("order_id", "int64", "the order; every order has at least one line"),
    Column(
        "line",
        "int64",
        "number of the line within the order",
        distribution="1 to 5; 55 % of the orders have one line, unless they have one item anyway",
    ),
    Column(
        "product_id",
        "int64",
        "what was ordered",
        distribution=(
            "as in orders; 0.5 % of the further lines name a product that is no longer sold and "
            "not in products"
        ),
    ),
    Column(
        "quantity",
        "int64",
        "pieces; over an order they add up to its items",
        "pieces",
        distribution="further lines have 1, the first has the rest",
    ),
    Column("unit_price_cents", "int64", "price of one piece", "euro cents"),
    Column(
        "amount_cents",
        "int64",
        "quantity x unit_price_cents x (1 - the order's discount), halves rounded up; over an "
        "order they add up to its amount_cents",
        "euro cents",
    ),
)

_CLICKS = (
    Column(
        "click_id",
        "int64",
        "key of the click",
        distribution=(
            "unique but for 1 % of the rows, which repeat the row before: delivered twice; a "
            "repeated row's own number is missing"
        ),
    ),
    Column(
        "customer_id",
        "int64",
        "who clicked; float64 in pandas",
        nulls="25 % of the visits: nobody was logged in",
        distribution=(
            "Zipf with exponent 1 over the customers, as in orders; one bot, a single customer, "
            "makes 30 % of all clicks"
        ),
    ),
    Column(
        "clicked_at",
        "timestamp[us, UTC]",
        "when it happened",
        "instant, UTC",
        distribution=(
            "as orders; clicks come in visits of 1 to 16, 2 to 300 seconds apart; ascending with "
            "click_id but for disorder within each 100 rows"
        ),
    ),
    Column(
        "received_at",
        "timestamp[us, UTC]",
        "when it reached the shop",
        "instant, UTC",
        distribution="up to 5 seconds later; for 2 % of the rows 1 to 72 hours later",
    ),
    Column(
        "page",
        "string",
        "what was looked at",
        distribution="home 15 %, search 25, product 40, basket 14, checkout 6; the bot: product",
    ),
    Column(
        "product_id",
        "int64",
        "the product on the page; float64 in pandas",
        nulls="all pages but product and basket",
        distribution="Zipf with exponent 1",
    ),
    Column("device", "string", "phone, desktop or tablet; bot", distribution="60, 32, 8 %"),
    Column("user_agent", "string", "what the browser says it is", distribution="240 texts"),
    Column(
        "seconds",
        "float64",
        "how long the page was open",
        "seconds",
        nulls="10 %, not at random: 15 % on phones, 3 % elsewhere",
        distribution="0.5 to 300, short ones more frequent",
    ),
)

_DELIVERIES = (
    Column(
        "order_id",
        "int64",
        "the order; the collected ones have no delivery",
        distribution="0.5 % name an order that does not exist",
    ),
    Column("courier", "string", "who carries it, as in orders"),
    Column(
        "warehouse",
        "string",
        "where it starts",
        distribution="north, centre and south: 30, 45, 25 %",
    ),
    Column(
        "distance_km",
        "float64",
        "from the warehouse to the customer",
        "kilometres",
        nulls="2 %, not at random: 20 % with the courier Hermod, 1 % with the others",
        distribution="20 to 1,480, in tenths; triangular",
    ),
    Column(
        "weight_g",
        "int64",
        "weight of the parcel; float64 in pandas",
        "grams",
        nulls="1 %, at random",
        distribution="items x 50 to 3,049, light ones more frequent",
    ),
    Column("express", "bool", "paid for speed", distribution="15 %"),
    Column(
        "dispatched_at",
        "timestamp[us, UTC]",
        "when it left the warehouse",
        "instant, UTC",
        distribution="2 to 50 hours after ordered_at",
    ),
    Column(
        "delivered_at",
        "timestamp[us, UTC]",
        "when it arrived: dispatched_at + hours",
        "instant, UTC",
        nulls="orders that are shipped, pending or cancelled",
    ),
    Column(
        "hours",
        "float64",
        "time on the way",
        "hours",
        nulls="with delivered_at",
        distribution=(
            "a linear function of distance_km, weight_g, express, courier and a start at a "
            "weekend (UTC), plus noise of 1.5 hours standard deviation; at least 1"
        ),
    ),
    Column(
        "stars",
        "int64",
        "the customer's judgement; float64 in pandas",
        "1 to 5",
        nulls="60 %, and where nothing was delivered",
        distribution="the slower, the fewer",
    ),
    Column(
        "review",
        "string",
        "what the customer wrote with the stars",
        nulls="half of the rows with stars, and all without",
        distribution="some 300 texts in several languages",
    ),
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "customers": _CUSTOMERS,
    "products": _PRODUCTS,
    "orders": _ORDERS,
    "order_items": _ORDER_ITEMS,
    "clicks": _CLICKS,
    "deliveries": _DELIVERIES,
}
"""Name of a table -> its columns, in the order of the files."""

TABLES = tuple(COLUMNS)
CLICKS_PER_ORDER = 3
ABOUT_ROWS = {"order_items": 1.37, "deliveries": 0.94}  # rows an order, where orders decide


def rows(table: str, orders: int) -> int:
    """The number of rows of `table` beside `orders` orders; of two tables the expected one."""
    counts = {
        "customers": orders // 10,
        "products": max(200, min(20_000, orders // 500)),
        "orders": orders,
        "clicks": CLICKS_PER_ORDER * orders,
    }
    if table in ABOUT_ROWS:
        return round(orders * ABOUT_ROWS[table])
    return counts[known_table(table)]


def orders_of(size: str | int) -> int:
    """The number of orders at a size, given by its name or as the number itself.

    Raises ShopError when there is no such size.
    """
    if isinstance(size, str):
        return SIZES[_known("size", size, SIZES)]
    try:
        number = -1 if isinstance(size, bool) else operator.index(size)
    except TypeError:
        number = -1
    if not FEWEST <= number <= MOST:
        raise ShopError(
            f"A size is {listed(SIZES)}, or a number of orders from {FEWEST} to {MOST:,}, and not "
            f"{size!r:.40}."
        )
    return number


def name_of(size: str | int) -> str:
    """The size's name, which for a number without one is made of the number."""
    orders = orders_of(size)
    return next((name for name, count in SIZES.items() if count == orders), f"orders{orders}")


def describe(table: str) -> pd.DataFrame:
    """The columns of `table`, one a row: column, type, meaning, unit, nulls, distribution.

    Raises ShopError when there is no such table.
    """
    import pandas as pd

    fields = ("name", "type", "meaning", "unit", "nulls", "distribution")
    return pd.DataFrame(
        [[getattr(column, field) for field in fields] for column in COLUMNS[known_table(table)]],
        columns=["column", *fields[1:]],
    )


def known_table(table: str) -> str:
    """`table` itself, or ShopError."""
    return _known("table", table, TABLES)


def known_format(format: str) -> str:
    """`format` itself, or ShopError."""
    return _known("format", format, FORMATS)


def known_seed(seed: int | None) -> int:
    """`seed` as an int, the published one for None, or ShopError."""
    if seed is None:
        return SEED
    try:
        number = -1 if isinstance(seed, bool) else operator.index(seed)
    except TypeError:
        number = -1
    if not 0 <= number < 2**63:
        raise ShopError(f"A seed is a whole number from 0 to 2^63 - 1, and not {seed!r:.40}.")
    return number


def known_columns(columns: Iterable[str], table: str, present: Iterable[str]) -> list[str]:
    """The names in `columns`, checked against those of `table` that are present."""
    if isinstance(columns, str):
        raise ShopError(f"columns takes a list of names: [{columns!r}], and not {columns!r}.")
    present = list(present)
    return [_known(f"column of {table}", column, present) for column in columns]


def listed(names: Iterable[str]) -> str:
    """The names as in a sentence: "a, b and c"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _known(kind: str, name: str, names: Iterable[str]) -> str:
    names = list(names)
    if isinstance(name, str) and name in names:
        return name
    near = difflib.get_close_matches(str(name).lower(), names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {listed(names)}."
    raise ShopError(f"There is no {kind} {name!r:.60}; {hint}")
