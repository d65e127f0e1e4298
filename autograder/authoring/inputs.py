"""Inputs that the checks do not use: each table of a case, changed in one of four ways.

    duplicated   every second row stands twice
    gaps         every third value is missing, in the columns that have missing values anywhere
                 among the exercise's own small inputs
    shuffled     the rows in another order
    empty        no rows

One argument is changed at a time, in the first calls of a case at `tiny`, without a budget.
Frames, series, CSV and Parquet files can be changed; an exercise that takes none of them has no
such inputs. They need not be inputs that the exercise's text allows: what shows on them alone is
a hint to the author, and no verdict on the checks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from autograder.cases import Point, Prepared

WAYS = ("duplicated", "gaps", "shuffled", "empty")
MOST_CALLS = 12  # of one case

Spec = Mapping[str, Any]


def _is_table(spec: Spec) -> bool:
    if spec["kind"] in {"frame", "series"}:
        return True
    return spec["kind"] == "path" and Path(spec["path"]).suffix in {".csv", ".parquet"}


def _read(spec: Spec) -> pd.DataFrame:
    """The rows of a table argument; those of a CSV file as the text that stands there."""
    if Path(spec["path"]).suffix == ".csv":
        return pd.read_csv(spec["path"], dtype=str, keep_default_na=False)
    return pd.read_parquet(spec["path"], columns=spec.get("columns"))


def _columns_with_gaps(prepared: Collection[Prepared]) -> set[str]:
    """Columns in which a value is missing in any table of these inputs."""
    known: dict[str, Spec] = {
        str(spec["path"]): spec
        for one in prepared
        for arguments in one.arguments
        for spec in arguments
        if _is_table(spec)
    }
    found: set[str] = set()
    for spec in known.values():
        frame = _read(spec)
        missing = frame.isna() | (frame == "")
        found |= {str(name) for name in frame.columns if missing[name].any()}
    return found


def _changed(frame: pd.DataFrame, way: str, with_gaps: Collection[str], text: bool) -> pd.DataFrame:
    if way == "duplicated":
        return pd.concat([frame, frame.iloc[::2]], ignore_index=True)
    if way == "shuffled":
        return frame.sample(frac=1, random_state=0).reset_index(drop=True)
    if way == "empty":
        return frame.iloc[:0]
    frame = frame.copy()
    for name in set(map(str, frame.columns)) & set(with_gaps):
        frame.loc[frame.index % 3 == 0, name] = "" if text else None
    return frame


def _write(spec: Spec, way: str, with_gaps: Collection[str], folder: Path) -> dict[str, Any]:
    """The argument with its table changed, in a file of `folder`."""
    suffix = Path(spec["path"]).suffix
    path = folder / f"{len(list(folder.iterdir()))}{suffix}"
    frame = _changed(_read(spec), way, with_gaps, text=suffix == ".csv")
    if suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path)
    return {**spec, "path": str(path)}


def changed_inputs(prepared: Collection[Prepared], folder: Path) -> Iterator[Prepared]:
    """Inputs made of `prepared`, whose files lie in `folder`, which is there and empty.

    The point of each has the way in the place of its size.
    """
    with_gaps = _columns_with_gaps(prepared)
    for one in prepared:
        places = {
            place
            for arguments in one.arguments
            for place, spec in enumerate(arguments)
            if _is_table(spec)
        }
        for place in sorted(places):
            for way in WAYS:
                numbers = [
                    number
                    for number, arguments in enumerate(one.arguments)
                    if place < len(arguments) and _is_table(arguments[place])
                    if one.calls[number].budget_mb is None
                ][:MOST_CALLS]
                made: dict[str, dict[str, Any]] = {}
                arguments = []
                for number in numbers:
                    specs = list(one.arguments[number])
                    name = str(sorted(specs[place].items()))
                    if name not in made:
                        made[name] = _write(specs[place], way, with_gaps, folder)
                    specs[place] = made[name]
                    arguments.append(tuple(specs))
                if numbers:
                    size = f"{one.point.size} with argument {place + 1} {way}"
                    point = Point(one.point.case, size, one.point.seed, hidden=True)
                    calls = tuple(one.calls[number] for number in numbers)
                    yield replace(one, point=point, calls=calls, arguments=tuple(arguments))
