"""Writers of a table, chunk by chunk: Parquet, CSV, and Parquet in a folder for each day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from shop.arrow import as_text
from shop.catalogue import DAY_OF
from shop.draw import Stream

MALFORMED = 1_000  # one line in so many of clicks.csv cannot be parsed


class Writer(Protocol):
    """Takes the chunks of one part in order; `close` completes it."""

    def write(self, chunk: Any, number: int) -> None: ...

    def close(self) -> None: ...


class ParquetFile:
    """One row group per chunk, compressed with zstd."""

    def __init__(self, path: Path, schema: Any, table: str, seed: int) -> None:
        self._writer = pq.ParquetWriter(path, schema, **_options(schema))

    def write(self, chunk: Any, number: int) -> None:
        self._writer.write_table(chunk, row_group_size=max(1, chunk.num_rows))

    def close(self) -> None:
        self._writer.close()


def _options(schema: Any) -> dict[str, Any]:
    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": [f.name for f in schema if pa.types.is_dictionary(f.type)],
        # Without the Arrow schema, pooled text comes back as plain text, not as categories.
        "store_schema": False,
    }


class DailyFolder:
    """A folder `day=2024-01-31` for each day in UTC, with a file for each chunk."""

    def __init__(self, path: Path, schema: Any, table: str, seed: int) -> None:
        self._path, self._schema, self._column = path, schema, DAY_OF[table]
        path.mkdir()

    def write(self, chunk: Any, number: int) -> None:
        day = chunk.column(self._column).combine_chunks().cast(pa.int64()).to_numpy()
        day = day // 86_400_000_000
        order = np.argsort(day, kind="stable")
        days, first = np.unique(day[order], return_index=True)
        sorted_rows = chunk.take(pa.array(order))
        for place, value in enumerate(days):
            end = first[place + 1] if place + 1 < len(days) else len(order)
            folder = self._path / f"day={np.datetime64(int(value), 'D')}"
            folder.mkdir(exist_ok=True)
            some = sorted_rows.slice(first[place], end - first[place])
            pq.write_table(some, folder / f"{number:05}.parquet", **_options(self._schema))

    def close(self) -> None:
        pass


class CsvFile:
    """A header, text in quotes, null as nothing, instants as 2024-01-31T09:30:00.000000Z.

    Of the clicks one line in MALFORMED is broken, each chunk's in its own places.
    """

    def __init__(self, path: Path, schema: Any, table: str, seed: int) -> None:
        self._schema = pa.schema([(f.name, _csv_type(f.type)) for f in schema])
        self._breaks = (seed, table) if table == "clicks" else None
        self._file = path.open("wb")
        pa_csv.write_csv(self._schema.empty_table(), self._file)

    def write(self, chunk: Any, number: int) -> None:
        columns = [_for_csv(column.combine_chunks()) for column in chunk.columns]
        text = pa.BufferOutputStream()
        table = pa.Table.from_arrays(columns, schema=self._schema)
        pa_csv.write_csv(table, text, pa_csv.WriteOptions(include_header=False))
        written = text.getvalue()
        if self._breaks:
            seed, name = self._breaks
            written = _with_broken_lines(bytes(written), Stream(seed, name, number, "malformed"))
        self._file.write(written)

    def close(self) -> None:
        self._file.close()


def _with_broken_lines(text: bytes, stream: Stream) -> bytes:
    """`text` with one line in MALFORMED cut short, given a word for its number, or a field more."""
    lines = text.split(b"\n")
    chosen = np.flatnonzero(stream.chance(len(lines) - 1, 1 / MALFORMED))
    for place, kind in zip(chosen, stream.below(len(chosen), 3), strict=True):
        line = lines[place]
        if kind == 0:
            lines[place] = line[: len(line) // 3]
        elif kind == 1:
            lines[place] = b"unknown" + line[line.index(b",") :]
        else:
            lines[place] = line + b",1"
    return b"\n".join(lines)


def _csv_type(kind: Any) -> Any:
    text = pa.types.is_dictionary(kind) or pa.types.is_timestamp(kind)
    return pa.string() if text else kind


def _for_csv(column: Any) -> Any:
    if pa.types.is_timestamp(column.type):
        # Arrow writes 2024-01-31 09:30:00.000000Z; ISO 8601 wants a T in the middle.
        return pc.binary_replace_slice(column.cast(pa.string()), 10, 11, "T")
    return as_text(column) if pa.types.is_dictionary(column.type) else column


WRITERS: dict[str, Callable[[Path, Any, str, int], Writer]] = {
    "parquet": ParquetFile,
    "csv": CsvFile,
    "daily": DailyFolder,
}
