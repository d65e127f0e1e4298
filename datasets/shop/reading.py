"""Loading tables: from the prepared folder of a graded run, or from the data that was made here.

In prepared mode (the environment variable SHOP_PREPARED names a folder) nothing is made and no
seed is known; `reading_modules` names the files that this mode needs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shop.catalogue import (
    COLUMNS,
    DAY_OF,
    FORMATS,
    SIZES,
    known_columns,
    known_format,
    known_seed,
    known_table,
    listed,
    name_of,
    orders_of,
)
from shop.errors import ShopError

if TYPE_CHECKING:
    import pandas as pd

READ_ONLY = "This copy of the shop only reads prepared tables; nothing can be made here."


def load(
    table: str,
    size: str | int = "small",
    *,
    columns: Sequence[str] | None = None,
    seed: int | None = None,
) -> pd.DataFrame:
    """A table as a pandas frame with a fresh index, one row per row of the table.

    `size` is a name or a number of orders. The data are made first when they are missing.
    `columns` reads only those named, in that order. Types are those that pandas reads from
    Parquet: text is `object`, and whole numbers of which some are missing are float64.
    Raises ShopError for names that do not exist and for files that cannot be read.
    """
    file = path(table, size, seed=seed)

    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = [column.name for column in COLUMNS[table]]
        wanted = known_columns(columns, table, names) if columns is not None else None
        return pq.read_table(file, columns=wanted).to_pandas(ignore_metadata=True)
    except (pa.ArrowInvalid, OSError) as error:
        raise ShopError(
            f"{file} cannot be read ({str(error).splitlines()[0]:.120}); "
            f"make it again with `python -m shop make {name_of(size)} --force`."
        ) from None


def path(
    table: str, size: str | int = "small", *, format: str = "parquet", seed: int | None = None
) -> Path:
    """The file of a table, made first when it is missing (then progress goes to stderr).

    From large on it is a folder of files. `format` is "parquet", "csv", or "daily" for Parquet in
    folders by day. A CSV file has a header, times as 2024-01-31T09:30:00.000000Z, text in quotes,
    and nothing between the commas for null; in that of the clicks one line in 1,000 is broken.
    Raises ShopError for names that do not exist and where there is no room.
    """
    known_table(table), orders_of(size), known_format(format)
    if format == "daily" and table not in DAY_OF:
        raise ShopError(f"Only {listed(DAY_OF)} can be cut by day, and not {table}.")
    prepared = prepared_folder()
    if prepared is not None:
        return _prepared_file(prepared, table, name_of(size), format, seed)
    number = known_seed(seed)
    try:
        from shop import store
    except ImportError:
        raise ShopError(f"{READ_ONLY} Set SHOP_PREPARED to their folder.") from None
    file = store.ready(store.folder(size, number), table, format)
    if file is None:
        from shop.making import make

        file = make(size, seed=number, tables=[table], formats=[format]) / f"{table}.{format}"
    return file


def prepared_folder() -> Path | None:
    """The folder named by SHOP_PREPARED, or None when data may be made."""
    named = os.environ.get("SHOP_PREPARED")
    return Path(named) if named else None


def _prepared_file(folder: Path, table: str, size: str, format: str, seed: int | None) -> Path:
    if seed is not None:
        raise ShopError("The tables here are prepared and have no seed: leave `seed` out.")
    file = folder / size / f"{table}.{format}"
    if file.is_file():
        return file
    present = [
        f"{one} ({listed(found)})"
        for one in SIZES
        if (
            found := [
                f"{t}.{f}"
                for t in COLUMNS
                for f in FORMATS
                if (folder / one / f"{t}.{f}").is_file()
            ]
        )
    ]
    there = f"there are {listed(present)}" if present else "there are no tables at all"
    raise ShopError(f"{table}.{format} is not prepared at the size {size}; {there}.")


def reading_modules() -> list[Path]:
    """The files of this package that are enough to read prepared tables, without making any."""
    here = Path(__file__).parent
    return [here / f"{name}.py" for name in ("__init__", "catalogue", "errors", "reading")]
