"""Turn what an answer returned into plain data: JSON, or an Arrow stream for tables."""

from __future__ import annotations

import datetime
import decimal
import math
import reprlib
from collections.abc import Callable
from typing import Any

MOST_JSON_ITEMS = 100_000
LONGEST_REPR = 300
LARGEST_TABLE = 384 * 1024 * 1024  # bytes; the reader takes 512 MiB


class NotPlain(ValueError):
    """The value has no form that can be judged; the message says why, to the learner."""


def _plain(value: Any, depth: int = 0) -> Any:
    """`value` as JSON with types kept where JSON has none: {"$": kind, "v": text}."""
    import numpy as np
    import pandas as pd

    if isinstance(value, Later):
        value = value.ask()
    if depth > 7:
        raise NotPlain("it is nested more than seven levels deep")
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

    size = int(frame.memory_usage(index=False, deep=False).sum())
    if size > LARGEST_TABLE:
        raise NotPlain(f"it takes {size / 2**20:,.0f} MiB")
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


class Later:
    """What a probe knows only when Spark has computed the tables that stand before it in a dict."""

    def __init__(self, ask: Callable[[], Any]) -> None:
        self.ask = ask


class Parts:
    """The Arrow streams of a value's tables; a node of its description names one by its place."""

    def __init__(self) -> None:
        self.streams: list[bytes] = []

    def add(self, stream: bytes) -> int:
        self.streams.append(stream)
        return len(self.streams) - 1


def describe_value(value: Any) -> tuple[dict[str, Any], list[bytes]]:
    """`value` as a tree of JSON nodes, and the Arrow streams of the tables in it.

    Tables of pandas and of Spark become Arrow, wherever they stand in a tuple, list or dict;
    everything else becomes JSON. A Spark frame or an RDD is acted on: its rows are collected.
    """
    parts = Parts()
    try:
        node = _node(value, parts, 0)
    except NotPlain as problem:
        try:
            text = reprlib.repr(value)[:LONGEST_REPR]  # a plain repr writes all of a long list
        except Exception:  # a learner's class may have a broken __repr__
            text = "(no text)"
        return {
            "kind": "other",
            "repr": text,
            "reason": str(problem),
            "type": type(value).__name__,
        }, []
    return node, parts.streams


def _node(value: Any, parts: Parts, depth: int) -> dict[str, Any]:
    import pandas as pd

    kind = {"type": type(value).__name__}
    if isinstance(value, pd.DataFrame):
        arrow = parts.add(_arrow(value))
        return {"kind": "frame", "part": arrow, "strings": _strings(value), **kind}
    if isinstance(value, pd.Series):
        name = "value" if value.name is None else str(value.name)
        arrow = parts.add(_arrow(value.to_frame(name)))
        return {"kind": "series", "part": arrow, "name": name, **kind}
    spark = _spark_node(value, parts)
    if spark is not None:
        return {**spark, **kind}
    if isinstance(value, (tuple, list)) and depth < 3 and any(map(_is_table, value)):
        items = [_node(item, parts, depth + 1) for item in value]
        return {"kind": "list", "items": items, **kind}
    if isinstance(value, dict) and depth < 3 and any(map(_is_table, value.values())):
        pairs = [[_plain(key), _node(item, parts, depth + 1)] for key, item in value.items()]
        return {"kind": "dict", "items": pairs, **kind}
    return {"kind": "plain", "value": _plain(value), **kind}


def _is_table(value: Any) -> bool:
    import pandas as pd

    return isinstance(value, (pd.DataFrame, pd.Series)) or _spark_kind(value) != ""


def _spark_kind(value: Any) -> str:
    """ "frame" or "rdd" for what Spark would compute, else "". Spark need not be there."""
    import sys

    sql, core = sys.modules.get("pyspark.sql"), sys.modules.get("pyspark")
    if isinstance(value, getattr(sql, "DataFrame", ())):
        return "frame"
    if isinstance(value, getattr(core, "RDD", ())):
        return "rdd"
    return ""


def _spark_node(value: Any, parts: Parts) -> dict[str, Any] | None:
    kind = _spark_kind(value)
    if not kind:
        return None
    from autograder.runner import spark

    if kind == "frame":
        names = value.columns
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None:
            raise NotPlain(f"the column name {repeated!r} occurs more than once")
        return {"kind": "spark_frame", "part": parts.add(spark.collected(value))}
    sizes, rows = spark.collected_rdd(value)
    stream = spark.rows_as_arrow(rows)
    if stream is not None:
        return {"kind": "rdd", "part": parts.add(stream), "sizes": sizes}
    return {"kind": "rdd", "rows": _plain(rows), "sizes": sizes}
