"""What the checks of this chapter hand to answers, and do with what these return."""

from __future__ import annotations

import unicodedata
import zlib
from typing import Any

from autograder.runner import spark
from autograder.runner.values import Later

ANSI = "spark.sql.ansi.enabled"


def cleaned(frame: Any) -> dict[str, Any]:
    """The rows, their types, how many numbers are NaN, and whether ANSI is on; it is put back."""
    session = spark.session()
    ansi = str(session.conf.get(ANSI))
    if ansi != "true":
        session.conf.set(ANSI, "true")
    if not hasattr(frame, "sparkSession"):
        return {"rows": frame, "types": {}, "nan": {}, "ansi": ansi}
    from pyspark.sql import functions as F

    types = dict(frame.dtypes)
    floats = [name for name, kind in types.items() if kind in {"double", "float"}]
    nan: dict[str, int] = {}
    if floats and len(types) == len(frame.columns):
        counts = [F.count_if(F.isnan(F.col(f"`{name}`"))).alias(name) for name in floats]
        nan = frame.agg(*counts).first().asDict()
    return {"rows": frame, "types": types, "nan": nan, "ansi": ansi}


class _Scorer:
    """A model that scores texts, and counts how often it is called."""

    def __init__(self) -> None:
        self.calls = spark.session().sparkContext.accumulator(0)

    def __call__(self, texts: Any) -> Any:
        """A score from -1 to 1 for each text of a Series."""
        self.calls.add(1)
        if texts.isna().any():
            raise ValueError("the model was given a missing text")

        def one(text: str) -> float:
            plain = unicodedata.normalize("NFKD", text).casefold()
            return (zlib.crc32(plain.encode()) % 2001 - 1000) / 1000

        return texts.map(one).astype("float64")


_scorers: list[_Scorer] = []


def scorer() -> _Scorer:
    """A model for one call."""
    _scorers[:] = [_Scorer()]
    return _scorers[0]


def with_calls(frame: Any) -> dict[str, Any]:
    """The rows, and how often the model was called to come to them."""
    calls = _scorers[0].calls
    return {"rows": frame, "calls": Later(lambda: calls.value)}


class _Day:
    """One call of `daily_report`: what was parsed, saved and kept."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.parsed = spark.session().sparkContext.accumulator(0)
        self.saved: dict[str, Any] = {}
        self.before = _kept()
        self.cached_bytes = 0


_days: list[_Day] = []


def _kept() -> dict[int, int]:
    """The RDDs that the session keeps, and the bytes of each in memory and on disk."""
    java = spark.session().sparkContext._jsc
    spark.wait_for_listeners()  # sizes are told by one of them
    found = {int(number): 0 for number in java.getPersistentRDDs()}
    for info in java.sc().getRDDStorageInfo():
        if info.id() in found:
            found[info.id()] = int(info.memSize()) + int(info.diskSize())
    return found


def costly(clicks: Any) -> Any:
    """A frame of the clicks that counts its rows whenever Spark computes them."""
    import pyarrow as pa

    session = spark.session()
    day = _Day(len(clicks))
    _days[:] = [day]
    parsed = day.parsed

    def parse(batches: Any) -> Any:
        for batch in batches:
            parsed.add(batch.num_rows)
            yield batch

    from pyspark.sql.pandas.types import from_arrow_schema

    table = pa.Table.from_pandas(clicks, preserve_index=False).replace_schema_metadata(None)
    index = table.schema.get_field_index("clicked_at")
    at = pa.field("clicked_at", pa.timestamp("us", "UTC"))
    table = table.cast(table.schema.set(index, at))
    frame = session.createDataFrame(table)
    return frame.mapInArrow(parse, from_arrow_schema(table.schema))


class _Save:
    """Writes a report at once, and notes what is in the cache meanwhile."""

    def __call__(self, name: str, frame: Any) -> None:
        day = _days[0]
        day.saved[name] = frame.toPandas() if hasattr(frame, "sparkSession") else frame
        new = {number: size for number, size in _kept().items() if number not in day.before}
        day.cached_bytes = max(day.cached_bytes, sum(new.values()))


def save() -> _Save:
    """A `save` for one call."""
    return _Save()


def saved(_: Any) -> dict[str, Any]:
    """What the call of `daily_report` came to."""
    day = _days[0]
    left = [number for number in _kept() if number not in day.before]
    return {
        **{f"report {name}": frame for name, frame in day.saved.items()},
        "parsed": day.parsed.value,
        "rows": day.rows,
        "cached_bytes": day.cached_bytes,
        "left": len(left),
    }
