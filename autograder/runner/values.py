"""Turn what an answer returned into plain data: JSON, or an Arrow stream for tables."""

from __future__ import annotations

import datetime
import decimal
import math
from typing import Any

MOST_JSON_ITEMS = 100_000
LONGEST_REPR = 300


class NotPlain(ValueError):
    """The value has no form that can be judged; the message says why, to the learner."""


def _plain(value: Any, depth: int = 0) -> Any:
    """`value` as JSON with types kept where JSON has none: {"$": kind, "v": text}."""
    import numpy as np
    import pandas as pd

    if depth > 6:
        raise NotPlain("it is nested more than six levels deep")
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return {"$": "int", "v": str(int(value))}
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return number if math.isfinite(number) else {"$": "float", "v": repr(number)}
    if isinstance(value, str):
        return value
    if isinstance(value, decimal.Decimal):
        return {"$": "decimal", "v": str(value)}
    if isinstance(value, (pd.Timestamp, datetime.datetime, datetime.date)):
        return {"$": "time", "v": value.isoformat()}
    if isinstance(value, dict):
        if len(value) > MOST_JSON_ITEMS:
            raise NotPlain(f"it has {len(value):,} entries")
        return {
            "$": "dict",
            "v": [[_plain(k, depth + 1), _plain(v, depth + 1)] for k, v in value.items()],
        }
    if isinstance(value, (list, tuple, np.ndarray, set, frozenset)):
        if len(value) > MOST_JSON_ITEMS:
            raise NotPlain(f"it has {len(value):,} entries")
        items = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value
        return {"$": "list", "v": [_plain(item, depth + 1) for item in items]}
    raise NotPlain(f"it is a {type(value).__name__}")


def _arrow(frame: Any) -> bytes:
    import pyarrow as pa

    if frame.columns.nlevels > 1:
        raise NotPlain("its columns have several levels; give each column one plain name")
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        raise NotPlain(f"the column name {repeated[0]!r} occurs more than once")
    renamed = frame.set_axis([str(name) for name in frame.columns], axis="columns")
    try:
        table = pa.Table.from_pandas(renamed)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as problem:
        raise NotPlain(f"a column mixes types or holds objects: {problem.args[0]}") from problem
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def _strings(frame: Any) -> dict[str, str]:
    """Columns of pandas' string dtype with what holds their text: Arrow's own metadata omits it."""
    import pandas as pd

    return {
        str(name): f"string[{dtype.storage}]"
        for name, dtype in frame.dtypes.items()
        if isinstance(dtype, pd.StringDtype)
    }


def describe_value(value: Any) -> tuple[dict[str, Any], bytes]:
    """`value` as (JSON, Arrow bytes): frames and series as Arrow, everything else as JSON."""
    import pandas as pd

    kind = {"type": type(value).__name__}
    try:
        if isinstance(value, pd.DataFrame):
            arrow = _arrow(value)
            return {"kind": "frame", "strings": _strings(value), **kind}, arrow
        if isinstance(value, pd.Series):
            name = "value" if value.name is None else str(value.name)
            return {"kind": "series", "name": name, **kind}, _arrow(value.to_frame(name))
        return {"kind": "plain", "value": _plain(value), **kind}, b""
    except NotPlain as problem:
        reason = str(problem)
    try:
        text = repr(value)[:LONGEST_REPR]
    except Exception:  # a learner's class may have a broken __repr__
        text = "(no text)"
    return {"kind": "other", "repr": text, "reason": reason, **kind}, b""
