"""Where datasets are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from shop.errors import ShopError
from shop.tables import FORMATS, SEED, SIZES, TABLES


def root() -> Path:
    """`SHOP_DATA`; in a clone `datasets/data`; else the user's cache."""
    named = os.environ.get("SHOP_DATA")
    if named:
        return Path(named)
    beside = Path(__file__).resolve().parent.parent
    if beside.name == "datasets" and (beside / "README.md").exists():
        return beside / "data"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "beyond-pandas" / "data"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "beyond-pandas" / "data"


def prepared() -> Path | None:
    """The folder of prepared tables where `SHOP_PREPARED` is set: then nothing is made."""
    named = os.environ.get("SHOP_PREPARED")
    return Path(named) if named else None


def folder(size: str, seed: int | None) -> Path:
    """The dataset's folder."""
    return root() / f"{size}-{SEED if seed is None else seed}"


def ask_for(table: str | None = None, size: str | None = None, format: str | None = None) -> None:
    """Refuse a table, size or format that there is not.

    Raises:
        ShopError: with the ones that there are.
    """
    for what, given, known in (
        ("table", table, TABLES),
        ("size", size, tuple(SIZES)),
        ("format", format, FORMATS),
    ):
        if given is not None and given not in known:
            raise ShopError(f"there is no {what} {given!r}; there are: {', '.join(known)}")
