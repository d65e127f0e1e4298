"""Make datasets: chunk by chunk, so memory stays flat however many rows there are."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from shop.chunks import chunk, chunk_count
from shop.errors import ShopError
from shop.places import ask_for, folder, prepared
from shop.tables import FORMATS, SEED, SIZES, TABLES, rows_of

DATA_VERSION = 1  # raise it when the same seed gives other rows
BYTES_PER_ROW = {  # on disk, measured at medium and rounded up
    ("orders", "parquet"): 75, ("orders", "csv"): 230,
    ("customers", "parquet"): 45, ("customers", "csv"): 130,
    ("products", "parquet"): 40, ("products", "csv"): 60,
}  # fmt: skip
QUIET_SECONDS = 2.0


def expected_bytes(table: str, format: str, orders: int) -> int:
    """About how large the file will be."""
    return rows_of(table, orders) * BYTES_PER_ROW[table, format] + 100_000


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Only one process at a time makes a dataset; the others wait for it."""
    with open(target / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class _Bar:
    """A progress bar on stderr that shows itself after two seconds."""

    def __init__(self, wanted: bool, what: str, rows: int):
        self._wanted, self._what, self._rows = wanted, what, rows
        self._began = time.monotonic()
        self._bar: Any = None
        self._task: Any = None
        self._done = 0

    def advance(self, rows: int) -> None:
        self._done += rows
        if not self._wanted:
            return
        if self._bar is None and time.monotonic() - self._began > QUIET_SECONDS:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.completed:,.0f} rows, {task.fields[speed]:,.0f}/s"),
                TimeRemainingColumn(),
                console=Console(file=sys.stderr),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._rows, speed=0)
        if self._bar is not None:
            speed = self._done / (time.monotonic() - self._began)
            self._bar.update(self._task, completed=self._done, speed=speed)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()


def _chunks(table: str, orders: int, seed: int, bar: _Bar) -> Iterator[pa.Table]:
    for number in range(chunk_count(table, orders)):
        made = chunk(table, orders, seed, number)
        yield made
        bar.advance(len(made))


def _write(chunks: Iterable[pa.Table], to: Path, format: str) -> None:
    writer: Any = None
    try:
        for made in chunks:
            if writer is None:
                if format == "parquet":
                    writer = pa.parquet.ParquetWriter(to, made.schema, compression="zstd")
                else:
                    writer = pa.csv.CSVWriter(to, _as_text(made).schema)
            if format == "parquet":
                writer.write_table(made)
            else:
                writer.write_table(_as_text(made))
    finally:
        if writer is not None:
            writer.close()


def _as_text(made: pa.Table) -> pa.Table:
    """The chunk as CSV has it: times in ISO form with a Z, truth as True and False."""
    for position, field in enumerate(made.schema):
        column = made.column(position)
        if pa.types.is_timestamp(field.type):
            seconds = column.cast(pa.timestamp("s", tz="UTC"), safe=False)
            text = pa.compute.strftime(seconds, "%Y-%m-%dT%H:%M:%SZ")
            made = made.set_column(position, field.name, text)
        elif pa.types.is_boolean(field.type):
            text = pa.compute.if_else(column, "True", "False")
            made = made.set_column(position, field.name, text)
    return made


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note(target: Path, size: str, seed: int, files: dict[str, dict[str, Any]]) -> None:
    """Write the manifest anew with what was made, in one step."""
    path = target / "manifest.json"
    old = json.loads(path.read_text())["files"] if path.exists() else {}
    manifest = {
        "size": size, "orders": SIZES[size], "seed": seed, "data_version": DATA_VERSION,
        "versions": {name: version(name) for name in ("faker", "numpy", "pyarrow")},
        "files": {**old, **files},
    }  # fmt: skip
    part = path.with_suffix(".part")
    part.write_text(json.dumps(manifest, indent=1, sort_keys=True))
    os.replace(part, path)


def _check_disk(target: Path, wanted: list[tuple[str, str]], orders: int) -> None:
    needed = sum(expected_bytes(table, format, orders) for table, format in wanted)
    free = shutil.disk_usage(target).free
    if needed > free * 0.95:
        raise ShopError(
            f"the data needs about {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free below "
            f"{target.parent}: free some, or set SHOP_DATA to a folder on a larger disk"
        )


def make(
    size: str,
    *,
    seed: int | None = None,
    tables: Sequence[str] | None = None,
    formats: Sequence[str] = ("parquet",),
    force: bool = False,
    progress: bool = True,
) -> Path:
    """Make tables at `size`, those that are not there yet; the dataset's folder.

    Args:
        tables: None for all.
        formats: "parquet", "csv", or both.
        force: make them again although they are there.
        progress: show a bar when it takes longer than two seconds.

    Raises:
        ShopError: unknown size, table or format; a bad seed; no space; a folder that cannot be
            written.
    """
    if prepared():
        raise ShopError("only prepared tables are here; nothing can be made")
    number = SEED if seed is None else seed
    if not isinstance(number, int) or not 0 <= number < 2**63:
        raise ShopError(f"a seed is a whole number from 0 to 2^63, not {seed!r}")
    chosen = list(tables or TABLES)
    for table in chosen:
        ask_for(table=table)
    for format in formats:
        ask_for(format=format)
    ask_for(size=size)
    target = folder(size, number)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with _locked(target):
            _make_missing(target, size, number, chosen, list(formats), force, progress)
    except OSError as problem:
        raise ShopError(
            f"{target} cannot be written: {problem.strerror}; set SHOP_DATA to a folder that can"
        ) from problem
    return target


def _make_missing(
    target: Path,
    size: str,
    seed: int,
    tables: list[str],
    formats: list[str],
    force: bool,
    progress: bool,
) -> None:
    orders = SIZES[size]
    wanted = [
        (table, format)
        for table in tables
        for format in formats
        if force or not (target / f"{table}.{format}").exists()
    ]
    if not wanted:
        return
    for left in target.glob(".making-*"):  # of a process that was killed; we hold the lock
        left.unlink()
    _check_disk(target, wanted, orders)
    made: dict[str, dict[str, Any]] = {}
    for table, format in wanted:
        rows = rows_of(table, orders)
        bar = _Bar(progress, f"making {table} ({size}, {format})", rows)
        handle, name = tempfile.mkstemp(dir=target, prefix=".making-")
        os.close(handle)
        try:
            _write(_chunks(table, orders, seed, bar), Path(name), format)
            os.chmod(name, 0o644)
            made[f"{table}.{format}"] = {"rows": rows, "sha256": _sha256(Path(name))}
            os.replace(name, target / f"{table}.{format}")
        finally:
            bar.close()
            Path(name).unlink(missing_ok=True)
    _note(target, size, seed, made)


def fingerprint(table: str, size: str, seed: int = SEED) -> str:
    """A hash of the table's content, floats rounded: the same on every machine."""
    digest = hashlib.sha256()
    for number in range(chunk_count(table, SIZES[size])):
        made = chunk(table, SIZES[size], seed, number)
        for column in made.columns:
            if pa.types.is_timestamp(column.type):
                column = column.cast(pa.int64())  # the objects for time zones differ by platform
            values = column.to_pylist()
            if pa.types.is_floating(column.type):
                values = [None if v is None else round(v, 6) for v in values]
            digest.update(repr(values).encode())
    return digest.hexdigest()[:16]


__all__ = ["FORMATS", "expected_bytes", "fingerprint", "make"]
