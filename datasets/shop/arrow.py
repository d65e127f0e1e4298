"""Arrow columns out of NumPy arrays, without a Python loop over rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shop.catalogue import COLUMNS
from shop.draw import Bools, Codes, Ints

_TYPES = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "string": pa.string(),
    "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
}
# The four digits of any two bytes, found by the number that they are with the lower byte first.
_HEX = np.frombuffer(
    "".join(f"{low:02X}{high:02X}" for high in range(256) for low in range(256)).encode(),
    dtype="<u4",
)


def schema(table: str) -> Any:
    """The Arrow schema of a table's files."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in COLUMNS[table]])


def picked(pool: Sequence[str], codes: Codes, null: Bools | None = None) -> Any:
    """Text `pool[code]` per row, null where `null` is true, kept as codes and pool."""
    indices = pa.array(codes.astype(np.int32, copy=False), mask=null)
    return pa.DictionaryArray.from_arrays(indices, pa.array(pool, pa.string()))


def joined(*parts: Any) -> Any:
    """Text made of the parts, row by row. Each part is text for all rows, or one per row."""
    plain = [part if isinstance(part, str) else as_text(part) for part in parts]
    return pc.binary_join_element_wise(*plain, "")


def as_text(column: Any) -> Any:
    """The column as plain text: pools looked up, numbers in decimal."""
    if pa.types.is_dictionary(column.type):
        return column.dictionary.take(column.indices)
    return column.cast(pa.string())


def spread(texts: Any, there: Bools) -> Any:
    """Text for the rows where `there` is true, in order, and null for the others.

    The characters are not copied: a row without text has the place and no length.
    """
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[: len(texts) + 1]
    places = np.concatenate(([0], np.cumsum(there)))
    validity = pa.array(there).buffers()[1]
    return pa.StringArray.from_buffers(
        len(there), pa.py_buffer(offsets[places]), texts.buffers()[2], validity
    )


def instants(microseconds: Ints, null: Bools | None = None) -> Any:
    """Microseconds since 1970 as instants in UTC, null where `null` is true."""
    return pa.array(microseconds, mask=null).cast(_TYPES["timestamp[us, UTC]"])


def hexadecimal(prefix: str, bits: npt.NDArray[np.uint64]) -> Any:
    """The prefix, of four characters, and 16 hexadecimal digits per 64 bits."""
    n = len(bits)
    text = np.empty((n, 5), dtype="<u4")  # four characters in each number
    text[:, 0] = np.frombuffer(prefix.encode(), dtype="<u4")[0]
    # By indexing: `take` needs five times as long for these small indices.
    text[:, 1:] = _HEX[bits.astype(">u8").view("<u2")].reshape(n, 4)
    offsets = np.arange(n + 1, dtype=np.int32) * 20
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(text))
