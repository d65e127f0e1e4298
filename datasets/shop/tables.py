"""The tables: their columns, what they mean, and how many rows they have."""

from __future__ import annotations

from dataclasses import dataclass

SEED = 20261
SIZES = {"tiny": 10**3, "small": 10**5, "medium": 10**6, "large": 10**7, "huge": 10**8}
TABLES = ("customers", "products", "orders")
FORMATS = ("parquet", "csv")
CHUNK_ROWS = 100_000

CITY_NULLS = 0.02
GUESTS = 0.01
STRANGERS = 0.01
COLLECTED = 0.08
DISCOUNT_NULLS = 0.30
NOTE_NULLS = 0.60
ZIPF = 1.1


def rows_of(table: str, orders: int) -> int:
    """Rows of `table` in a shop with `orders` orders."""
    if table == "orders":
        return orders
    if table == "customers":
        return max(100, orders // 10)
    return max(200, min(20_000, orders // 500))


@dataclass(frozen=True)
class Column:
    """One column as the data dictionary shows it."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    nulls: str = "none"
    distribution: str = ""


DICTIONARY: dict[str, tuple[Column, ...]] = {
    "customers": (
        Column("customer_id", "int64", "the customer's number", "", "none", "1, 2, 3, ..."),
        Column("name", "string", "first and last name", "", "none", "five locales"),
        Column("email", "string", "address for mail", "", "none", "unique"),
        Column(
            "city",
            "string",
            "where the customer lives",
            "",
            f"{CITY_NULLS:.0%}",
            "about 250 cities, the first ones much more often",
        ),
        Column("country", "string", "country of the city", "", "with the city", ""),
        Column("segment", "string", "private, business or school", "", "none", "80, 15, 5 %"),
        Column("since", "timestamp[us, UTC]", "first registered", "", "none", "2018 to 2025"),
        Column("newsletter", "bool", "has asked for the newsletter", "", "none", "35 %"),
    ),
    "products": (
        Column("product_id", "int64", "the product's number", "", "none", "1, 2, 3, ..."),
        Column("name", "string", "what it is called", "", "none", "unique"),
        Column("category", "string", "one of 20", "", "none", ""),
        Column("price_cents", "int64", "price of one", "cents", "none", "log-normal"),
        Column("weight_g", "int64", "weight of one", "grams", "none", "log-normal"),
    ),
    "orders": (
        Column("order_id", "int64", "the order's number", "", "none", "1, 2, 3, ..."),
        Column(
            "customer_id",
            "Int64",
            "who ordered",
            "",
            f"{GUESTS:.0%} (guests)",
            f"Zipf, exponent {ZIPF}; {STRANGERS:.0%} are not in customers",
        ),
        Column("product_id", "int64", "the main product", "", "none", "uniform"),
        Column(
            "ordered_at",
            "timestamp[us, UTC]",
            "when",
            "",
            "none",
            "2025; more before Christmas, fewer on Sundays; not sorted",
        ),
        Column(
            "city",
            "string",
            "where it is delivered",
            "",
            "2 %, all of them collected in the shop",
            "as in customers",
        ),
        Column(
            "status",
            "string",
            "delivered, sent, paid, open or returned",
            "",
            "none",
            "80, 8, 5, 4, 3 %",
        ),
        Column(
            "payment", "string", "card, invoice, transfer or voucher", "", "none", "60, 25, 10, 5 %"
        ),
        Column(
            "courier", "string", "who delivers", "", f"{COLLECTED:.0%} (collected)", "six couriers"
        ),
        Column("items", "int64", "number of items", "", "none", "1 to 40"),
        Column(
            "amount_cents",
            "int64",
            "what was paid",
            "cents",
            "none",
            "log-normal; one order in 2,000 is a business order of over 167,772.16",
        ),
        Column(
            "discount",
            "float64",
            "part of the price taken off",
            "",
            f"{DISCOUNT_NULLS:.0%}",
            "0 to 0.3 in steps of 0.01",
        ),
        Column("gift", "bool", "to be wrapped", "", "none", "12 %"),
        Column(
            "note",
            "string",
            "what the customer wrote",
            "",
            f"{NOTE_NULLS:.0%}",
            "nearly every one different; emoji",
        ),
        Column("tracking", "string", "the parcel's number", "", "none", "unique, 20 characters"),
    ),
}
