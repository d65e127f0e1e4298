"""Give tables to whoever asks: paths and frames."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shop.errors import ShopError
from shop.places import ask_for, folder, prepared

if TYPE_CHECKING:
    import pandas as pd


def path(
    table: str, size: str = "small", *, format: str = "parquet", seed: int | None = None
) -> Path:
    """The file of one table; it is made first where it is missing.

    Args:
        table: "customers", "products" or "orders".
        size: "tiny" (10^3 orders), "small" (10^5), "medium" (10^6), "large" (10^7).
        format: "parquet" or "csv".
        seed: another shop of the same kind; None is the published one.

    Raises:
        ShopError: there is no such table, size or format, or it cannot be made.
    """
    ask_for(table, size, format)
    ready = prepared()
    if ready:
        if seed is not None:
            raise ShopError("only the prepared tables are here: leave seed out")
        file = ready / size / f"{table}.{format}"
        if not file.exists():
            have = sorted(str(p.relative_to(ready)) for p in ready.glob("*/*") if p.is_file())
            raise ShopError(
                f"{table} at {size} is not prepared as {format} here; there are: {', '.join(have)}"
            )
        return file
    file = folder(size, seed) / f"{table}.{format}"
    if not file.exists():
        from shop.making import make

        make(size, seed=seed, tables=[table], formats=[format])
    return file


def load(
    table: str,
    size: str = "small",
    *,
    columns: Sequence[str] | None = None,
    seed: int | None = None,
) -> pd.DataFrame:
    """One table as a pandas frame, all columns or those named.

    Raises:
        ShopError: as `path`; or a column that the table does not have.
    """
    import pandas as pd
    import pyarrow as pa

    file = path(table, size, seed=seed)
    try:
        return pd.read_parquet(file, columns=None if columns is None else list(columns))
    except (pa.ArrowInvalid, KeyError, OSError) as problem:
        raise ShopError(
            f"{file.name} cannot be read: {problem.args[0]}. If the file is damaged, "
            f"make it again: python -m shop make {size} --force"
        ) from problem
