"""The shop: the tables of an online shop, at every size, from one seed.

    import shop
    orders = shop.load("orders", "small", columns=["city", "amount_cents"])
    shop.describe("orders")

The same table, size and seed give the same rows on every machine. The first rows of a size are not
those of another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shop.catalogue import SEED, SIZES, TABLES, describe
from shop.errors import ShopError
from shop.reading import READ_ONLY, load, path, prepared_folder, reading_modules

__all__ = [
    "SEED",
    "SIZES",
    "TABLES",
    "ShopError",
    "describe",
    "fingerprint",
    "load",
    "make",
    "path",
    "reading_modules",
    "verify",
]


def make(
    size: str | int,
    *,
    seed: int | None = None,
    tables: Sequence[str] | None = None,
    formats: Sequence[str] = ("parquet",),
    force: bool = False,
    progress: bool = True,
    processes: int | None = None,
) -> Path:
    """Make what is missing of a dataset, or was made by an older version, and return its folder.

    Args:
        size: a name, or a number of orders.
        tables: None for all.
        formats: "parquet", "csv", "daily".
        force: make again what is there already; else it is left as it is.
        progress: tell on stderr how far it is, once two seconds have passed.
        processes: how many make a table of many parts; None for one a core.

    Raises:
        ShopError: for names that do not exist, where there is no room, and in prepared mode.
    """
    if prepared_folder() is not None:
        raise ShopError(READ_ONLY)
    try:
        from shop import making
    except ImportError as error:
        raise ShopError(f"{READ_ONLY} ({error})") from None
    return making.make(
        size, seed=seed, tables=tables, formats=formats, force=force, progress=progress,
        processes=processes,
    )  # fmt: skip


def verify(size: str | int, *, seed: int | None = None) -> list[str]:
    """Read every file of a dataset and compare: a line for each that is missing or changed.

    Raises:
        ShopError: there is no such dataset, or it was made by another version.
    """
    from shop import store
    from shop.catalogue import known_seed

    dataset = store.folder(size, known_seed(seed))
    if not store.manifest(dataset):
        raise ShopError(f"There is no dataset {dataset.name} in {store.root()}.")
    return store.verify(dataset)


def fingerprint(table: str, size: str | int = "small", *, seed: int | None = None) -> str:
    """64 hexadecimal digits that are equal when the rows of two tables are.

    They depend on the content alone (floats to 9 digits after the point), not on bytes of files.
    """
    file = path(table, size, seed=seed)
    try:
        from shop.content import of_parquet
    except ImportError:
        raise ShopError(READ_ONLY) from None
    return of_parquet(file)
