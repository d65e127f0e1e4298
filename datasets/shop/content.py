"""A fingerprint of a table's content, equal wherever the rows are.

It does not depend on how a file is compressed or cut into row groups, nor on the last digits of
floating-point numbers.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def of_parquet(path: Path) -> str:
    """SHA-256 over names, types and values of a Parquet file or folder, read in pieces."""
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    columns = [_Column(field) for field in pq.read_schema(files[0])]
    for one in files:
        with pq.ParquetFile(one) as file:
            for batch in file.iter_batches(batch_size=100_000):
                for column, values in zip(columns, batch.columns, strict=True):
                    column.add(values)
    whole = hashlib.sha256()
    for column in columns:
        whole.update(column.digest())
    return whole.hexdigest()


class _Column:
    def __init__(self, field: Any) -> None:
        self.name = f"{field.name}:{field.type}\n".encode()
        self.nulls, self.values, self.lengths = (hashlib.sha256() for _ in range(3))

    def add(self, values: Any) -> None:
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        self.nulls.update(np.asarray(pc.is_null(values)).astype(np.uint8).tobytes())
        if pa.types.is_string(values.type):
            self.lengths.update(_numbers(pc.binary_length(values)))
            self.values.update("".join(pc.fill_null(values, "").to_pylist()).encode())
        elif pa.types.is_floating(values.type):
            billionths = pc.round(pc.multiply(values.cast(pa.float64()), 1e9))
            self.values.update(_numbers(billionths.cast(pa.int64())))
        else:
            self.values.update(_numbers(values.cast(pa.int64())))

    def digest(self) -> bytes:
        return b"".join([self.name, *(h.digest() for h in (self.nulls, self.values, self.lengths))])


def _numbers(values: Any) -> bytes:
    filled = pc.fill_null(values, 0)
    return np.asarray(filled).astype("<i8").tobytes()
