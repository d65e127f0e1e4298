"""Read what a runner wrote. The runner is not trusted, so everything is capped and checked."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import IO, Any

import pandas as pd
import pyarrow as pa

from autograder.checking import Call, Gap, expect
from autograder.flow_record import FlowRun, flow_runs
from autograder.raised import LONGEST_NAME, answer_lines, read_error
from autograder.spark_record import SparkFacts, read_facts
from autograder.texts import readable

LONGEST_LINE = 32 * 1024 * 1024
MOST_ARROW_BYTES = 512 * 1024 * 1024
# Rows may take no bytes in a stream, and many in a frame: what a frame would hold is counted.
MOST_CELLS = 50_000_000
MOST_COLUMNS = 10_000
DEEPEST = 36
OUTCOMES = {"returned", "raised", "memory", "time", "killed", "missing", "nothing", "ours"}


class BadEvidence(ValueError):
    """The runner's stream is not what a runner writes."""


class NotJudged(RuntimeError):
    """A fault of ours kept a call from being made as it should: the answer is not judged by it."""


def _refuse_constant(text: str) -> None:
    raise BadEvidence(f"a number that JSON does not have: {text}")


def _depth(value: Any, level: int = 0) -> int:
    if level > DEEPEST:
        raise BadEvidence("nested too deeply")
    if isinstance(value, dict):
        return max((_depth(item, level + 1) for item in value.values()), default=level)
    if isinstance(value, list):
        return max((_depth(item, level + 1) for item in value), default=level)
    return level


def read_events(stream: IO[bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The events of a runner's stream with the bytes that belong to them, as they arrive.

    Raises:
        BadEvidence: a line or a payload is too large, too deep or not JSON.
    """
    while line := stream.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise BadEvidence("a line is too long or cut off")
        try:
            event = json.loads(line, parse_constant=_refuse_constant)
            _depth(event)
        except (ValueError, RecursionError) as problem:
            raise BadEvidence("a line is not the JSON of an event") from problem
        if not isinstance(event, dict) or not isinstance(event.get("event"), str):
            raise BadEvidence("a line is not an event")
        size = event.get("arrow_bytes", 0)
        if not isinstance(size, int) or not 0 <= size <= MOST_ARROW_BYTES:
            raise BadEvidence("a payload is too large")
        payload = stream.read(size) if size else b""
        if len(payload) != size:
            raise BadEvidence("a payload is cut off")
        yield event, payload


def _parts(event: dict[str, Any], payload: bytes) -> list[bytes]:
    """The payload's parts, whose sizes the event states."""
    sizes = event.get("parts", [])
    if not isinstance(sizes, list) or not all(type(n) is int and n >= 0 for n in sizes):
        raise BadEvidence("the sizes of a payload's parts are wrong")
    if sum(sizes) != len(payload):
        raise BadEvidence("a payload's parts do not add up")
    parts, start = [], 0
    for size in sizes:
        parts.append(payload[start : start + size])
        start += size
    return parts


# Types whose values may share bytes, so that a short stream is a long column.
_SHARING = (
    pa.types.is_union,
    pa.types.is_run_end_encoded,
    pa.types.is_string_view,
    pa.types.is_binary_view,
    pa.types.is_list_view,
    pa.types.is_large_list_view,
)


def _allowed(kind: pa.DataType, depth: int = 0) -> bool:
    if depth > 3 or isinstance(kind, pa.BaseExtensionType) or any(is_(kind) for is_ in _SHARING):
        return False
    if pa.types.is_dictionary(kind):  # as a column it stays one; within a list it is spelled out
        return depth == 0 and kind.value_type.num_fields == 0 and _allowed(kind.value_type, 1)
    return all(_allowed(kind.field(i).type, depth + 1) for i in range(kind.num_fields))


def _cells(array: Any) -> int:
    """How many values an array holds, those within its values included."""
    kind = array.type
    if pa.types.is_struct(kind):
        return len(array) + sum(_cells(array.field(i)) for i in range(kind.num_fields))
    if pa.types.is_map(kind):
        return len(array) + _cells(array.keys) + _cells(array.items)
    if kind.num_fields:
        return len(array) + _cells(array.values)
    return len(array)


def _is_compressed(metadata: bytes) -> bool:
    """Whether the batch that an Arrow message holds is compressed.

    Arrow has no other way to tell before it unpacks. The message is a flatbuffer: each table
    begins with the distance back to a list of places, the first two bytes of which are its length.
    """

    def field_at(table: int, slot: int) -> int:
        places = table - int(struct.unpack_from("<i", metadata, table)[0])
        (length,) = struct.unpack_from("<H", metadata, places)
        at = 4 + 2 * slot
        (place,) = struct.unpack_from("<H", metadata, places + at) if at + 2 <= length else (0,)
        return table + place if place else 0

    def table_at(place: int) -> int:
        return place + int(struct.unpack_from("<I", metadata, place)[0])

    message = table_at(0)
    batch = table_at(field_at(message, 2))
    if metadata[field_at(message, 1)] == _DICTIONARY_BATCH:
        batch = table_at(field_at(batch, 1))
    return field_at(batch, _COMPRESSION) != 0


_DICTIONARY_BATCH, _COMPRESSION = 2, 3


def _refuse_compressed(stream: bytes) -> None:
    """The runner compresses nothing; a few bytes could be unpacked to fill the memory."""
    for message in pa.ipc.MessageReader.open_stream(pa.BufferReader(stream)):
        if message.type != "schema" and _is_compressed(message.metadata.to_pybytes()):
            raise BadEvidence("a table is compressed")


def _table(stream: bytes) -> Any:
    """The Arrow table in a stream."""
    try:
        _refuse_compressed(stream)
        with pa.ipc.open_stream(pa.BufferReader(stream)) as reader:
            for column in reader.schema:
                if not _allowed(column.type):
                    raise BadEvidence(f"column {column.name!r} has a type that is not accepted")
            table = reader.read_all()
        if table.num_columns > MOST_COLUMNS or len(table) * table.num_columns > MOST_CELLS:
            raise BadEvidence("a table is too large")
        table.validate(full=True)
        if sum(_cells(chunk) for column in table.columns for chunk in column.chunks) > MOST_CELLS:
            raise BadEvidence("a table is too large")
    except (pa.ArrowException, TypeError, KeyError, ValueError, struct.error) as problem:
        raise BadEvidence("a table cannot be read") from problem
    return table


def _frame(stream: bytes, strings: Any = None) -> pd.DataFrame:
    """The pandas frame in an Arrow stream, with the dtypes that its metadata states.

    `strings` maps columns to "string[pyarrow]" or "string[python]".
    """
    try:
        frame: pd.DataFrame = _table(stream).to_pandas()
        frame.attrs.clear()  # a stream may carry some, and ours say where a frame came from
        if isinstance(strings, dict) and set(strings) <= set(frame.columns):
            kept = {n: k for n, k in strings.items() if k in {"string[pyarrow]", "string[python]"}}
            frame = frame.astype(kept)
    except (pa.ArrowException, TypeError, KeyError, ValueError) as problem:
        raise BadEvidence("a table cannot be read") from problem
    return frame


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kind, inner = value.get("$"), value.get("v")
    if kind == "list" and isinstance(inner, list):
        return [_plain(item) for item in inner]
    if kind == "dict" and isinstance(inner, list):
        try:
            return {_plain(key): _plain(item) for key, item in inner}
        except (TypeError, ValueError) as problem:
            raise BadEvidence("a dictionary's keys are not plain") from problem
    if kind == "int" and isinstance(inner, str) and len(inner) < 4_000:
        return int(inner)
    if kind == "decimal" and isinstance(inner, str):
        return Decimal(inner)
    if kind == "float" and inner in {"nan", "inf", "-inf"}:
        return float(inner)
    if kind == "time" and isinstance(inner, str):
        return pd.Timestamp(inner)
    raise BadEvidence("a value of an unknown kind")


def _finite(value: Any) -> float:
    number = float(value) if isinstance(value, (int, float)) else 0.0
    return number if math.isfinite(number) and number >= 0 else 0.0


@dataclass
class Outcome:
    """What came of one call."""

    call: Call
    outcome: str  # one of OUTCOMES
    value: Any = None  # when "returned" and judgeable
    returned: str = ""  # the returned type's name
    unreadable: str = ""  # why a returned value cannot be judged
    error: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0  # until the answer returned
    described_seconds: float = 0.0  # from then on: what is lazy does its work here
    peak_mb: float = 0.0
    mutated: tuple[int, ...] = ()
    record: tuple[bytes, bytes, str] | None = field(default=None, repr=False)  # see `spark`
    input_mb: float = 0.0  # what the inputs took when they were read; known under a budget only
    memory: tuple[tuple[float, float], ...] = ()  # (seconds, MiB above the start), from outside
    raw: tuple[dict[str, Any], bytes] | None = field(default=None, repr=False)

    @cached_property
    def spark(self) -> SparkFacts | None:
        """How Spark came to it, where Spark took part and its record is whole.

        It is read when somebody asks. Most checks do not, and it takes longer to read than a value.
        """
        try:
            return read_facts(*self.record) if self.record else None
        except Exception:  # whatever can be wrong with what a program made up
            return None  # no facts, and no point that rests on them


def read_outcome(call: Call, event: dict[str, Any], payload: bytes) -> Outcome:
    """One "evidence" event as an `Outcome`. Raises `BadEvidence`, and nothing else."""
    try:
        return _read_outcome(call, event, payload)
    except BadEvidence:
        raise
    except Exception as problem:  # whatever can be wrong with what a program made up
        raise BadEvidence("the evidence cannot be read") from problem


def _read_outcome(call: Call, event: dict[str, Any], payload: bytes) -> Outcome:
    outcome = event.get("outcome")
    if outcome not in OUTCOMES:
        raise BadEvidence("an outcome of an unknown kind")
    read = Outcome(
        call,
        outcome,
        seconds=_finite(event.get("seconds")),
        described_seconds=_finite(event.get("described_seconds")),
        peak_mb=_finite(event.get("peak_bytes")) / 1024**2,
        input_mb=_finite(event.get("input_bytes")) / 1024**2,
    )
    read.error = read_error(event.get("error"))
    mutated = event.get("mutated")
    if isinstance(mutated, list):
        read.mutated = tuple(i for i in mutated if isinstance(i, int))
    if outcome != "returned":
        return read
    value = event.get("value")
    if not isinstance(value, dict):
        raise BadEvidence("a value is missing")
    parts = _parts(event, payload)
    read.record = _record(event, parts)
    read.returned = readable(str(value.get("type", "")), LONGEST_NAME)
    if value.get("kind") == "other":
        read.unreadable = readable(str(value.get("reason", "it is of an unknown type")), 500)
    else:
        read.value = _value(value, parts)
    return read


class Rows(list[Any]):
    """The rows of an RDD. `sizes` has the number of rows in each partition."""

    def __init__(self, rows: list[Any], sizes: tuple[int, ...]):
        super().__init__(rows)
        self.sizes = sizes


def _value(node: Any, parts: list[bytes]) -> Any:
    """The value that a tree of nodes describes."""
    if not isinstance(node, dict):
        raise BadEvidence("a value is not described")
    kind, place = node.get("kind"), node.get("part")
    if kind == "plain":
        return _plain(node.get("value"))
    if kind in {"list", "dict"}:
        items = node.get("items")
        try:
            if kind == "list":
                return [_value(item, parts) for item in items]  # type: ignore[union-attr]
            return {_plain(key): _value(item, parts) for key, item in items}  # type: ignore[union-attr]
        except (TypeError, ValueError) as problem:
            raise BadEvidence("a collection is not described") from problem
    if kind == "rdd" and "part" not in node:
        rows = _plain(node.get("rows"))
        if not isinstance(rows, list):
            raise BadEvidence("an RDD has no rows")
        return Rows([tuple(r) if isinstance(r, list) else r for r in rows], _sizes(node, len(rows)))
    if type(place) is not int or not 0 <= place < len(parts):
        raise BadEvidence("a table is missing")
    if kind == "frame":
        return _frame(parts[place], node.get("strings"))
    if kind == "spark_frame":
        frame = _frame(parts[place])
        frame.attrs["engine"] = "Spark"
        return frame
    if kind == "series":
        frame = _frame(parts[place])
        if frame.shape[1] != 1:
            raise BadEvidence("a series has more than one column")
        return frame.iloc[:, 0]
    if kind == "rdd":
        columns = [column.to_pylist() for column in _table(parts[place]).columns]
        rows = list(zip(*columns, strict=True))
        return Rows(rows, _sizes(node, len(rows)))
    raise BadEvidence("a value of an unknown kind")


def _sizes(node: dict[str, Any], rows: int) -> tuple[int, ...]:
    sizes = node.get("sizes")
    if not isinstance(sizes, list) or not all(type(n) is int and n >= 0 for n in sizes):
        raise BadEvidence("an RDD's partitions are wrong")
    if sum(sizes) != rows:
        raise BadEvidence("an RDD's partitions do not add up")
    return tuple(sizes)


def _record(event: dict[str, Any], parts: list[bytes]) -> tuple[bytes, bytes, str] | None:
    """Spark's event log during the call and while its value was used, and whose mark ends it."""
    try:
        called, acted = event["spark"]
        return parts[called], parts[acted], str(event.get("id"))
    except (KeyError, TypeError, ValueError, IndexError):
        return None


class Result:
    """What a test sees of one case at one size: the outcomes of its calls, in order.

    Asking for a value that is not there raises `Gap` with the reason, so a test that reads
    `result.value` fails with the right sentence when the answer raised or ran out of memory.
    """

    def __init__(self, function: str, size: str, hidden: bool, outcomes: list[Outcome]):
        self.function = function
        self.size = size
        self.hidden = hidden
        self.outcomes = outcomes
        self.looked_at: Outcome | None = None
        self.looked_at_how = False  # a test asked how Spark came to it

    def _value(self, outcome: Outcome) -> Any:
        self.looked_at = outcome
        error = outcome.error
        if outcome.outcome == "missing":
            raise Gap(
                f"There is no function called {self.function} in the notebook.",
                advice=f"Keep the line `def {self.function}(...)` as it was given, and run its "
                "cell before the check.",
            )
        if outcome.outcome == "raised":
            where = answer_lines(error)
            kind = error.get("type", "an error")
            said, _, more = str(error.get("message", "")).strip().partition("\n")
            # Spark's messages have many lines: a plan, or where the error was raised.
            details = (more, *where) if more and not self.hidden else where
            raise Gap(
                f"{self.function} raised {kind}" + (f": {said}" if said else "."),
                details=details,
                unseen=f"{self.function} raised {kind if kind.isidentifier() else 'an error'}. Its "
                "message is not shown: it may hold rows of the data that is kept for grading.",
            )
        if outcome.outcome == "ours":
            raise NotJudged(f"{error.get('message', 'the grader failed')}")
        if outcome.outcome == "memory":
            budget = outcome.call.budget_mb
            limit = f"its budget of {budget:g} MiB" if budget else "the memory it may have"
            raise Gap(f"{self.function} ran out of memory: it needed more than {limit}.")
        if outcome.outcome == "time":
            raise Gap(
                f"{self.function} had not finished after {outcome.call.seconds:g} s and was "
                "stopped.",
                advice="The reference needs a small part of that time. Look for a loop that "
                "never ends, or one that runs once per row.",
            )
        if outcome.outcome in {"killed", "nothing"}:
            raise Gap(
                f"The process that ran {self.function} ended before it returned.",
                advice="Look for a call that ends Python, such as exit() or os._exit().",
            )
        if outcome.unreadable:
            raise Gap(
                f"{self.function} returned something that cannot be judged: {outcome.unreadable}.",
                unseen=f"{self.function} returned something that cannot be judged.",
            )
        return outcome.value

    @property
    def value(self) -> Any:
        """The value that the case's only call returned."""
        (outcome,) = self.outcomes
        return self._value(outcome)

    @property
    def values(self) -> list[Any]:
        """The values of all calls, in order; the first that is not there raises `Gap`."""
        return list(self.each())

    def each(self) -> Iterator[Any]:
        """The values one by one, so that a report names the call that went wrong."""
        for outcome in self.outcomes:
            yield self._value(outcome)

    @property
    def calls(self) -> list[Call]:
        return [outcome.call for outcome in self.outcomes]

    @property
    def peak_mb(self) -> float:
        """The most memory in MiB that a call added while it ran."""
        return max(outcome.peak_mb for outcome in self.outcomes)

    @property
    def copies(self) -> float:
        """The most memory that a call added, as a multiple of what its inputs took.

        Known for calls under a budget only, and for inputs that were read as frames.
        """
        known = [one for one in self.outcomes if one.input_mb]
        expect(bool(known), f"The memory of {self.function} was not measured.")
        return max(one.peak_mb / one.input_mb for one in known)

    @property
    def spark(self) -> SparkFacts:
        """How Spark came to the value of the case's only call; the value has to be there."""
        (facts,) = self.sparks
        return facts

    @property
    def sparks(self) -> list[SparkFacts]:
        """How Spark came to the value of each call; the first that has none raises `Gap`."""
        found = []
        self.looked_at_how = True
        for outcome in self.outcomes:
            self._value(outcome)
            if outcome.spark is None:
                raise Gap(
                    f"Spark's own record of how {self.function} ran is not whole, so its steps "
                    "cannot be judged.",
                    advice="Leave the session's event log and its listeners as they are, and "
                    "return before you stop the session.",
                )
            found.append(outcome.spark)
        return found

    @property
    def flows(self) -> list[FlowRun]:
        """The runs of the flow that the case's only call returned: for cases whose `then` is a
        probe that gives what `run_flow` returns, or that beside other things under "flow"."""
        value = self.value
        if isinstance(value, dict) and isinstance(value.get("flow"), dict):
            value = value["flow"]
        return flow_runs(value)

    @property
    def mutated(self) -> tuple[int, ...]:
        """Positions of arguments that a call changed in place."""
        return tuple(sorted({i for outcome in self.outcomes for i in outcome.mutated}))
