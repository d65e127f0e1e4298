"""The course's data: an online shop at every size.

    import shop
    shop.load("orders", "small")           a pandas frame
    shop.path("orders", "medium")          a file, made when it is missing
    shop.describe("orders")                what the columns mean

Sizes count orders: tiny 10^3, small 10^5, medium 10^6, large 10^7. The same size and seed give the
same rows everywhere; the first rows of a larger size are not those of a smaller one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from shop.errors import ShopError
from shop.reading import load, path
from shop.tables import DICTIONARY, SEED, SIZES, TABLES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SEED", "SIZES", "TABLES", "ShopError", "describe", "load", "make", "path",
           "reading_modules"]  # fmt: skip


def make(size: str, **options: Any) -> Path:
    """Make tables at `size`; see `shop.making.make`."""
    from shop.making import make as really

    return really(size, **options)


def describe(table: str) -> pd.DataFrame:
    """The data dictionary of one table: column, type, meaning, unit, nulls, distribution.

    Raises:
        ShopError: there is no such table.
    """
    import pandas as pd

    from shop.places import ask_for

    ask_for(table=table)
    return pd.DataFrame([vars(column) for column in DICTIONARY[table]]).rename(
        columns={"name": "column"}
    )


def reading_modules() -> list[Path]:
    """The files that suffice to read prepared tables, without what makes data."""
    names = ("__init__", "errors", "tables", "places", "reading")
    return [Path(__file__).parent / f"{name}.py" for name in names]
