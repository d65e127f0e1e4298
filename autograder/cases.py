"""From an exercise's cases to the calls that a runner performs.

Which sizes and seeds are used depends on who asks: a self-check uses the published seed; grading
uses that seed at `tiny`, where a failure can be shown row by row, and a seed that no student has
seen at the larger sizes.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import shop

from autograder.checking import (
    Call,
    Case,
    Exercise,
    FileInput,
    Made,
    Shop,
    SparkInput,
    TableInput,
    Then,
)
from autograder.course import cache_folder, checks_content, checks_file, content_hash


@dataclass(frozen=True)
class Point:
    """One case of an exercise at one size and seed."""

    case: str
    size: str
    seed: int
    hidden: bool  # the seed is not to be shown

    def __str__(self) -> str:
        return f"{self.case}-{self.size}" + ("-hidden" if self.hidden else "")


@dataclass(frozen=True)
class Prepared:
    """The calls of one point, and each call's arguments as plain data with files on disk."""

    point: Point
    function: str
    calls: tuple[Call, ...]
    arguments: tuple[tuple[dict[str, Any], ...], ...]
    key: str = ""  # changes when the inputs do
    spark: bool = False  # the calls are made beside a Spark session
    prefect: bool = False  # and beside a Prefect server
    then: tuple[dict[str, Any] | None, ...] = ()  # per call, what is done with its value

    def request_of(
        self, exercise: Exercise, number: int, where: Mapping[Path, str]
    ) -> dict[str, Any]:
        """Call `number` as the runner reads it, with `where` saying where it sees each file."""
        call = self.calls[number]
        then = self.then[number] if self.then else None
        return {
            "id": f"{exercise.name}/{self.function}/{self.point}/{number}",
            "function": self.function,
            "arguments": [_seen(spec, where) for spec in self.arguments[number]],
            "budget_mb": call.budget_mb,
            "seconds": call.seconds,
            "spark": self.spark,
            "then": _seen(then, where) if then else None,
        }

    def files(self) -> set[Path]:
        """The files and folders that the calls' arguments name."""
        specs = [spec for one in self.arguments for spec in one]
        specs += [spec for spec in self.then if spec]
        return {Path(one["path"]) for spec in specs for one in _flat(spec) if "path" in one}


def _flat(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An argument, and the arguments of what makes it."""
    yield spec
    for inner in spec.get("arguments", ()):
        yield from _flat(inner)


def _seen(spec: dict[str, Any], where: Mapping[Path, str]) -> dict[str, Any]:
    """An argument with the paths under which the runner sees its files."""
    if "path" in spec:
        return {**spec, "path": where[Path(spec["path"])]}
    if "arguments" in spec:
        return {**spec, "arguments": [_seen(inner, where) for inner in spec["arguments"]]}
    return spec


def cases_of(exercise: Exercise) -> dict[str, Case]:
    """The cases that the exercise's checks declare, by name."""
    module = importlib.import_module(f"autograder.checks.{exercise.chapter}.{exercise.name}")
    cases: dict[str, Case] = module.CASES
    return cases


def self_check_points(exercise: Exercise) -> list[Point]:
    """What `check` runs in a notebook: the published seed."""
    return [
        Point(name, size, shop.SEED, hidden=False)
        for name, case in cases_of(exercise).items()
        for size in case.self_check
    ]


def grading_points(exercise: Exercise, seed: int) -> list[Point]:
    """What grading runs: `seed` at the grading sizes, after the published seed at `tiny`."""
    points = []
    for name, case in cases_of(exercise).items():
        if "tiny" in case.self_check:
            points.append(Point(name, "tiny", shop.SEED, hidden=False))
        points += [Point(name, size, seed, hidden=True) for size in case.grading]
    return points


@cache
def _data_version() -> str:
    """Changes when the shop's rows may change."""
    sources = sorted(Path(shop.__file__).parent.glob("*.py"))
    return content_hash(version("faker"), pd.__version__, *(one.read_bytes() for one in sources))


def _folder(exercise: Exercise, point: Point) -> Path:
    """Where the inputs of a point are kept; it changes when checks, data or pandas change."""
    module = checks_file(exercise)
    shared = sorted([*module.parent.glob("_*.py"), *module.parent.glob("probes.py")])
    sources = [one.read_bytes() for one in (Path(__file__), *shared)]
    key = content_hash(_data_version(), checks_content(exercise), *sources)
    name = f"{point.case}-{point.size}-{point.seed}-{key}"
    return cache_folder() / "inputs" / exercise.chapter / exercise.name / name


def _write(value: Any, folder: Path, name: str) -> dict[str, Any]:
    """One argument as plain data; frames become Parquet files in `folder`.

    "shown" is how a report names the argument. Paths inside `folder` are kept relative to it.
    Tables of the shop are kept by name: where they lie may change.
    """
    if isinstance(value, FileInput) and value.path:
        path = str(value.path.relative_to(folder))
        return {"kind": "path", "path": path, "shown": f'"{value.path.name}"'}
    if isinstance(value, FileInput):
        shown = f'"{value.table}.{value.format}"'
        return {"kind": "path", "table": value.table, "format": value.format, "shown": shown}
    if isinstance(value, (Made, Then)):
        inner = [
            _write(one, folder, f"{name}-{place}") for place, one in enumerate(value.arguments)
        ]
        shown = value.shown if isinstance(value, Made) else ""
        shown = shown or f"{value.by}({', '.join(one['shown'] for one in inner)})"
        return {"kind": "made", "by": value.by, "arguments": inner, "shown": shown}
    if isinstance(value, SparkInput):
        return _write_spark(value, folder, name)
    if isinstance(value, TableInput):
        kind = "series" if value.series else "frame"
        columns = list(value.columns) if value.columns else None
        shown = (
            f'{value.table}["{value.columns[0]}"]'
            if value.series and value.columns
            else (value.table)
        )
        return {"kind": kind, "table": value.table, "columns": columns, "shown": shown}
    if isinstance(value, (pd.Series, pd.DataFrame)):
        target = f"{name}.parquet"
        frame = value.reset_index(drop=True)
        spec: dict[str, Any] = {"kind": "frame", "path": target}
        if isinstance(frame, pd.Series):
            spec = {"kind": "series", "path": target, "unnamed": frame.name is None}
            frame = frame.rename(str(frame.name or "value")).to_frame()
        frame.to_parquet(folder / target)
        names = ", ".join(map(str, frame.columns))
        return {**spec, "shown": f"<{len(frame):,} rows of {names}>"}
    json.dumps(value)  # an author's mistake shows here, not in a student's report
    return {"kind": "plain", "value": value, "shown": repr(value)}


def _write_spark(value: SparkInput, folder: Path, name: str) -> dict[str, Any]:
    spec: dict[str, Any] = {"kind": "rdd" if value.partitions else "spark_frame"}
    spec["columns"] = list(value.columns) if value.columns else None
    if value.partitions:
        spec |= {"partitions": value.partitions, "values": value.values}
    many = f" in {value.partitions} partitions" if value.partitions else ""
    if value.rows is None:
        columns = ", ".join(value.columns or ())
        shown = f"{value.table}[{columns}]" if columns else value.table
        return {**spec, "table": value.table, "shown": f"<{shown}{many}>" if many else shown}
    target = f"{name}.parquet"
    rows = value.rows.reset_index(drop=True)
    # Of a column of objects without a value no type is known, and Spark's own for it is refused by
    # functions that a right answer may use. Texts are what such columns hold otherwise.
    unknown = [one for one in rows if rows[one].dtype == object and rows[one].isna().all()]
    rows = rows.astype(dict.fromkeys(unknown, "string"))
    rows.to_parquet(folder / target, coerce_timestamps="us", allow_truncated_timestamps=True)
    names = ", ".join(map(str, rows.columns))
    return {**spec, "path": target, "shown": f"<{len(rows):,} rows of {names}{many}>"}


@cache
def prepare(exercise: Exercise, point: Point) -> Prepared:
    """Make the inputs of one point, or find them made."""
    case = cases_of(exercise)[point.case]
    folder = _folder(exercise, point)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".making-"))
        try:
            (part / "calls.json").write_text(json.dumps(_make(case, part, point)))
            os.chmod(part, 0o755)  # the runner may be another user
            os.replace(part, folder)
        except OSError:
            if not folder.exists():  # else another process made it first
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
    calls, arguments, then = [], [], []
    for made in json.loads((folder / "calls.json").read_text()):
        specs = tuple(_located(spec, folder, point, exercise) for spec in made["arguments"])
        arguments.append(specs)
        done = made.get("then")
        then.append(_located(done, folder, point, exercise) if done else None)
        known = [spec.get("value", spec["shown"]) for spec in specs]
        call = Call(*known, budget_mb=made["budget_mb"], seconds=made["seconds"])
        call.shown = tuple(spec["shown"] for spec in specs)
        calls.append(call)
    function = case.function or exercise.name
    kinds = {one["kind"] for specs in arguments for spec in specs for one in _flat(spec)}
    spark = case.spark or bool(kinds & {"spark_frame", "rdd"})
    return Prepared(
        point,
        function,
        tuple(calls),
        tuple(arguments),
        folder.name,
        spark,
        case.prefect,
        tuple(then),
    )


def _located(
    spec: dict[str, Any], folder: Path, point: Point, exercise: Exercise
) -> dict[str, Any]:
    """An argument as `_write` kept it, with its path; a table is made where it is missing."""
    if "table" in spec:
        format = spec.get("format", "parquet")
        # `path` refuses what an older version made; `make` makes it anew.
        shop.make(point.size, seed=point.seed, tables=[spec["table"]], formats=[format])
        path = shop.path(spec["table"], point.size, format=format, seed=point.seed)
    elif "path" in spec:
        path = folder / spec["path"]
    elif "arguments" in spec:
        inner = [_located(one, folder, point, exercise) for one in spec["arguments"]]
        return {**spec, "by": f"{exercise.chapter}.{spec['by']}", "arguments": inner}
    else:
        return spec
    kept = {key: value for key, value in spec.items() if key not in {"table", "format"}}
    return {**kept, "path": str(path)}


def _make(case: Case, folder: Path, point: Point) -> list[dict[str, Any]]:
    shop_at = Shop(point.size, point.seed, folder)
    return [
        {
            "budget_mb": call.budget_mb,
            "seconds": call.seconds,
            "arguments": [
                _write(value, folder, f"{number}-{place}")
                for place, value in enumerate(call.arguments)
            ],
            "then": _write(call.then, folder, f"{number}-then") if call.then else None,
        }
        for number, call in enumerate(case.calls(shop_at))
    ]
