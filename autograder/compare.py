"""One comparison of results, that ignores what right answers differ in, and nothing else.

Ignored: the order of columns, the order of rows (unless the task is about it), integer and float
width, Decimal against float within the tolerance, `None`, `NaN` and `NaT`, nullable against plain
dtypes, category against its values, string against object, the unit of a timestamp, and a
range index. A value that is off, a row too many, a missing column, or an index where the task
asks for a column is not ignored.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types as kinds

from autograder.checking import Gap, expect

SHOWN_ROWS = 5
MOST_BESIDE = 4  # columns that are shown beside those that differ
RELATIVE = 1e-9


def _plain_column(column: pd.Series) -> pd.Series:
    """`column` in one of five forms: Int64, Float64 as float64, boolean, UTC time, or object."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if isinstance(column.dtype, pd.ArrowDtype):
        column = column.convert_dtypes(dtype_backend="numpy_nullable")
    if kinds.is_bool_dtype(column.dtype):
        return column.astype("boolean")
    if kinds.is_integer_dtype(column.dtype):
        return column.astype("UInt64" if kinds.is_unsigned_integer_dtype(column) else "Int64")
    if kinds.is_float_dtype(column.dtype):
        return pd.Series(column.to_numpy(dtype="float64", na_value=np.nan))
    if kinds.is_datetime64_any_dtype(column.dtype):
        aware = column if column.dt.tz is not None else column.dt.tz_localize("UTC")
        return aware.dt.tz_convert("UTC").astype("datetime64[ns, UTC]")
    values = column.astype("object")
    values[column.isna()] = None
    if kinds.infer_dtype(values, skipna=True) == "string":
        return values
    known = values.dropna()
    if len(known) and all(isinstance(item, bool) for item in known):
        return values.astype("boolean")
    if len(known) and all(isinstance(item, (int, float, Decimal)) for item in known):
        return values.map(lambda item: math.nan if item is None else float(item)).astype("float64")
    if len(known) and all(hasattr(item, "isoformat") for item in known):
        return pd.to_datetime(values, utc=True).astype("datetime64[ns, UTC]")
    return values


def _differs(left: pd.Series, right: pd.Series, relative: float, absolute: float) -> np.ndarray:
    """A mask of the rows where the two columns, already in plain form, are not the same."""
    one_is_truth = kinds.is_bool_dtype(left.dtype) != kinds.is_bool_dtype(right.dtype)
    if one_is_truth and not left.isna().all() and not right.isna().all():
        return np.ones(len(left), dtype=bool)  # True is not the number 1
    if _is_number(left) and _is_number(right) and left.dtype != right.dtype:
        left = pd.Series(left.to_numpy(dtype="float64", na_value=np.nan))
        right = pd.Series(right.to_numpy(dtype="float64", na_value=np.nan))
    if not _is_float(left) and left.equals(right):  # quick, and most columns are the same
        return np.zeros(len(left), dtype=bool)
    return _mask(left, right, relative, absolute)


def _same_as_they_are(left: pd.Series, right: pd.Series) -> bool:
    """Whether two columns of one type have the same values in the same order, no tolerance."""
    if left.dtype != right.dtype:
        return False
    if left.dtype == object and kinds.infer_dtype(left, skipna=True) != "string":
        return False  # among others, True equals 1
    return bool(left.reset_index(drop=True).equals(right.reset_index(drop=True)))


def _mask(left: pd.Series, right: pd.Series, relative: float, absolute: float) -> np.ndarray:
    """The rows where the columns differ."""
    if _is_float(left) and _is_float(right):
        close = np.isclose(left, right, rtol=relative, atol=absolute, equal_nan=True)
        return np.asarray(~close)
    missing = (left.isna() & right.isna()).to_numpy()
    one_missing = (left.isna() ^ right.isna()).to_numpy()
    one, other = left.to_numpy(dtype="object"), right.to_numpy(dtype="object")
    same = np.zeros(len(left), dtype=bool)
    known = ~(missing | one_missing)
    try:
        same[known] = (one[known] == other[known]).astype(bool)
    except ValueError:  # a cell that holds an array has no single truth
        pairs = zip(one[known], other[known], strict=True)
        same[known] = [bool(np.array_equal(a, b)) for a, b in pairs]
    return np.asarray(~(same | missing))


def _is_number(column: pd.Series) -> bool:
    return kinds.is_numeric_dtype(column.dtype) and not kinds.is_bool_dtype(column.dtype)


def _is_float(column: pd.Series) -> bool:
    return bool(kinds.is_float_dtype(column.dtype))


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in an order that both sides share: by exact columns first, by floats last."""
    exact = [name for name in frame.columns if not _is_float(frame[name])]
    order = exact + [name for name in frame.columns if name not in exact]
    keys = frame.copy(deep=False)
    for name in exact:
        mixed = keys[name].dtype == object and kinds.infer_dtype(keys[name]) != "string"
        if mixed:  # texts are compared as they are: a call for each takes seconds
            keys[name] = keys[name].map(lambda item: "" if item is None else f"={item}")
    position = keys.reset_index(drop=True).sort_values(order, kind="stable").index
    return frame.iloc[position].reset_index(drop=True)


def _rows(frame: pd.DataFrame, positions: np.ndarray) -> str:
    some = frame.iloc[positions[:SHOWN_ROWS]]
    return some.to_string(index=False, max_colwidth=40, float_format="{:.9g}".format)


def _elements(frame: pd.DataFrame, positions: np.ndarray) -> str:
    """Some elements of an RDD, one a line, much as Python writes them: a missing value is None."""
    lines = []
    for row in frame.iloc[positions[:SHOWN_ROWS]].itertuples(index=False):
        texts = [_part(item) for item in row]
        lines.append((f"({', '.join(texts)})" if len(texts) > 1 else texts[0])[:200])
    return "\n".join(lines)


def _part(item: Any) -> str:
    if kinds.is_scalar(item) and pd.isna(item):
        return "None"
    if isinstance(item, float):  # whole numbers have become floats on the way, too
        return str(int(item)) if item.is_integer() else format(item, ".9g")
    return repr(item.item() if isinstance(item, np.generic) else item)


def same_frame(
    returned: Any,
    expected: pd.DataFrame,
    *,
    ordered: bool = False,
    keys: Sequence[str] = (),
    relative: float = RELATIVE,
    absolute: float = 1e-9,
    advice: str = "",
    shown: Callable[[pd.DataFrame, np.ndarray], str] | None = None,
) -> None:
    """Raise `Gap` unless `returned` holds the rows of `expected`.

    Args:
        ordered: the order of the rows matters.
        keys: columns that name a row; with them a report tells missing groups from wrong values.
        relative: how far apart floats may be, as a part of the expected value.
        absolute: how far apart floats near zero may be.
        advice: the sentence to show when the values differ.
        shown: the text of some whole rows of a frame, where a table of what differs is not it.
    """
    if not isinstance(returned, pd.DataFrame):
        came = "None" if returned is None else type(returned).__name__
        raise Gap(
            f"A DataFrame was expected, and {came} came back.",
            advice="Does the function end with a return?" if returned is None else "",
        )
    if expected.attrs.get("engine") == "Spark" and returned.attrs.get("engine") != "Spark":
        raise Gap(
            "A Spark DataFrame was expected, and a pandas DataFrame came back.",
            advice="Leave the rows where they are: return the Spark frame, without toPandas().",
        )
    index = [name for name in returned.index.names if name is not None]
    missing = [str(name) for name in expected.columns if name not in returned.columns]
    if missing and set(missing) & {str(name) for name in index}:
        raise Gap(
            f"{index[0]!r} is in the index, not among the columns.",
            advice="The task asks for plain columns: end with reset_index().",
        )
    surplus = [str(name) for name in returned.columns if name not in expected.columns]
    if missing or surplus:
        parts, counted = [], []
        if missing:
            parts.append("missing: " + ", ".join(missing))
            counted.append(parts[0])
        if surplus:
            parts.append("not asked for: " + ", ".join(surplus))
            counted.append(f"not asked for: {len(surplus)}")
        raise Gap(
            "The columns differ (" + "; ".join(parts) + ").",
            [
                f"expected columns: {', '.join(map(str, expected.columns))}",
                f"returned columns: {', '.join(map(str, returned.columns))}",
            ],
            unseen="The columns differ (" + "; ".join(counted) + ").",
        )
    if len(returned) != len(expected):
        details = _missing_groups(returned, expected, keys)
        raise Gap(
            f"{len(expected):,} rows were expected, and {len(returned):,} came back.",
            details,
            advice,
        )
    names = list(expected.columns)
    if all(_same_as_they_are(returned[n], expected[n]) for n in names):  # quick, and most are
        return
    left = pd.DataFrame({n: _plain_column(returned[n].reset_index(drop=True)) for n in names})
    right = pd.DataFrame({n: _plain_column(expected[n].reset_index(drop=True)) for n in names})
    wrong = {n: _differs(left[n], right[n], relative, absolute) for n in names}
    if not ordered and any(wrong[n].any() for n in names):
        left, right = _sorted(left), _sorted(right)
        wrong = {n: _differs(left[n], right[n], relative, absolute) for n in names}
    columns = [n for n in names if wrong[n].any()]
    if not columns:
        return
    if keys and any(key in columns for key in keys):
        details = _missing_groups(returned, expected, keys)
    else:
        details = []
    rows = np.flatnonzero(np.logical_or.reduce([wrong[n] for n in columns]))
    beside = keys or names[:MOST_BESIDE]  # a value that is off means little without its row
    columns_shown = [*[n for n in beside if n not in columns], *columns]
    many = f"{len(rows):,} of {len(right):,} rows differ in " + ", ".join(map(str, columns))
    raise Gap(
        many + ("" if not ordered else " (the order of the rows counts)") + ".",
        [
            *details,
            "returned, first differing rows:",
            shown(left, rows) if shown else _rows(left[columns_shown], rows),
            "expected there:",
            shown(right, rows) if shown else _rows(right[columns_shown], rows),
        ],
        advice,
    )


def _missing_groups(
    returned: pd.DataFrame, expected: pd.DataFrame, keys: Sequence[str]
) -> list[str]:
    """Which values of `keys` only one side has, as lines for a report."""
    lines: list[str] = []
    for key in keys:
        have = set(_plain_column(returned[key]).dropna().tolist())
        want = set(_plain_column(expected[key]).dropna().tolist())
        for label, group in (("missing", want - have), ("not expected", have - want)):
            if group:
                some = ", ".join(map(repr, sorted(group, key=str)[:SHOWN_ROWS]))
                lines.append(f"{key}, {label}: {some}" + (" …" if len(group) > SHOWN_ROWS else ""))
        null_left, null_right = returned[key].isna().sum(), expected[key].isna().sum()
        if null_left != null_right:
            lines.append(
                f"{key}, rows without a value: {null_left:,} returned, {null_right:,} expected"
            )
    return lines


def same_rows(
    returned: Any,
    expected: Sequence[Any],
    *,
    ordered: bool = False,
    relative: float = RELATIVE,
    advice: str = "",
) -> None:
    """Raise `Gap` unless `returned`, an RDD's rows, holds the elements of `expected`.

    Args:
        ordered: the order counts.
        relative: how far apart floats may be, as a part of the expected value.
        advice: the sentence to show when the elements differ.
    """
    if not isinstance(returned, list) or not hasattr(returned, "sizes"):
        shown = "None" if returned is None else type(returned).__name__
        raise Gap(
            f"An RDD was expected, and {shown} came back.",
            advice="Does the function end with a return?"
            if returned is None
            else "Leave the rows where they are: return the RDD, without collect().",
        )
    width = len(expected[0]) if len(expected) and isinstance(expected[0], tuple) else 0
    odd = [
        item
        for item in returned
        if len(expected) and (len(item) if isinstance(item, tuple) else 0) != width
    ]
    if odd:
        of = f"tuples of {width}" if width else "plain values"
        raise Gap(
            f"The elements should be {of}; one is {str(odd[0])[:200]!s}.",
            advice=advice,
            unseen=f"The elements should be {of}; {len(odd):,} of {len(returned):,} are not.",
        )
    # Checks of how an answer works look at its values first: the same comparison, once more.
    found_same = getattr(returned, "found_same", None)
    if found_same and found_same[0] is expected and found_same[1:] == (ordered, relative):
        return
    if len(returned) != len(expected):
        raise Gap(
            f"{len(expected):,} rows were expected, and {len(returned):,} came back.",
            [
                *_only_in("missing", expected, returned),
                *_only_in("not expected", returned, expected),
            ],
            advice,
        )
    if not _equal_as_they_are(returned, expected, ordered):  # quick, and most rows are
        same_frame(
            _as_frame(returned, width),
            _as_frame(expected, width),
            ordered=ordered,
            relative=relative,
            advice=advice,
            shown=_elements,
        )
    returned.found_same = (expected, ordered, relative)  # type: ignore[attr-defined]


def _as_text(element: Any) -> str:
    """An element as Python writes it, its floats so short that sums in another order agree."""
    parts = element if isinstance(element, tuple) else (element,)
    texts = [format(one, ".9g") if isinstance(one, float) else repr(one) for one in parts]
    return f"({', '.join(texts)})" if isinstance(element, tuple) else texts[0]


def _only_in(label: str, some: Sequence[Any], others: Sequence[Any]) -> list[str]:
    """A few elements that `some` has more often than `others`, as lines for a report."""
    more = Counter(map(_as_text, some)) - Counter(map(_as_text, others))
    number = more.total()
    first = sorted(more)[:SHOWN_ROWS]
    return [f"{label}, {number:,} in all, such as:", "\n".join(first)] if number else []


def _equal_as_they_are(left: Sequence[Any], right: Sequence[Any], ordered: bool) -> bool:
    """Whether the elements are the same without any of what `same_frame` leaves open."""
    try:
        same = list(left) == list(right) if ordered else Counter(left) == Counter(right)
    except TypeError:  # elements that cannot be counted, such as lists
        return False
    return same and not (_has_truth(left) or _has_truth(right))  # True equals 1 here


def _has_truth(rows: Sequence[Any]) -> bool:
    return any(
        bool in set(map(type, row)) if isinstance(row, tuple) else type(row) is bool for row in rows
    )


def _as_frame(rows: Sequence[Any], width: int) -> pd.DataFrame:
    names = [f"element {n}" for n in range(width)] if width else ["element"]
    data = [list(column) for column in zip(*rows, strict=True)] if width else [list(rows)]
    data = data or [[] for _ in names]
    # Objects, or pandas would make floats of whole numbers beside a None.
    return pd.DataFrame({n: pd.Series(d, dtype="object") for n, d in zip(names, data, strict=True)})


def same_number(
    returned: Any,
    expected: float,
    *,
    relative: float = RELATIVE,
    what: str = "",
    unit: str = "",
    advice: str = "",
) -> None:
    """Raise `Gap` unless `returned` is the number `expected` within `relative`.

    `what` names the thing that the number is of, and `unit` its unit, for the report.
    """
    after = (f" {unit}" if unit else "") + (f" for {what}" if what else "")
    right_type = isinstance(returned, (int, float, Decimal)) and not isinstance(returned, bool)
    of = f" of{after}" if after else ""
    expect(
        right_type,
        f"A number{of} was expected, and {returned!r} came back.",
        unseen="A number was expected, and something else came back.",
    )
    close = math.isclose(float(returned), float(expected), rel_tol=relative, abs_tol=1e-12)
    exact = relative > 0 or returned == expected
    expect(
        close and exact,
        f"{expected:,}{after} were expected, and {returned:,} came back.",
        advice=advice,
        unseen="The number is not the expected one.",
    )


def same_value(returned: Any, expected: Any, *, relative: float = RELATIVE) -> None:
    """Raise `Gap` unless both are the same: frames, series, numbers, texts, lists or dicts."""
    if isinstance(expected, pd.DataFrame):
        same_frame(returned, expected, relative=relative)
    elif isinstance(expected, pd.Series):
        expect(isinstance(returned, pd.Series), "A Series was expected.")
        same_frame(returned.to_frame("value"), expected.to_frame("value"), ordered=True)
    elif isinstance(expected, (int, float, Decimal)) and not isinstance(expected, bool):
        # A whole number stays one: as a float it would be another above 2^53.
        number = float(expected) if isinstance(expected, Decimal) else expected
        same_number(returned, number, relative=relative)
    elif hasattr(expected, "sizes"):
        same_rows(returned, expected, relative=relative)
    elif isinstance(expected, (list, tuple)):
        expect(
            isinstance(returned, (list, tuple)) and len(returned) == len(expected),
            f"A list of {len(expected)} was expected.",
        )
        for one, other in zip(returned, expected, strict=True):
            same_value(one, other, relative=relative)
    elif isinstance(expected, dict):
        came = "None" if returned is None else type(returned).__name__
        expect(isinstance(returned, dict), f"A dictionary was expected, and {came} came back.")
        missing, surplus = (
            sorted(map(repr, one.keys() - other.keys()))
            for one, other in ((expected, returned), (returned, expected))
        )
        expect(
            not missing and not surplus,
            f"The keys of the dictionary differ: {len(missing)} missing, {len(surplus)} not "
            "expected.",
            *([f"missing: {', '.join(missing[:SHOWN_ROWS])}"] if missing else []),
            *([f"not expected: {', '.join(surplus[:SHOWN_ROWS])}"] if surplus else []),
        )
        for key in expected:
            same_value(returned[key], expected[key], relative=relative)
    else:
        expect(
            type(returned) is type(expected) and returned == expected,
            f"{expected!r} was expected, and {returned!r} came back.",
            unseen="Another value was expected.",
        )
