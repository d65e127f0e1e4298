"""Making datasets: rows in chunks, chunks in parts, one process at a time for each dataset.

Up to medium a table is one file. From large on it is a folder of parts; several processes make
them, and a run that was killed goes on behind the parts that it had finished.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import platform
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from shop import store
from shop.arrow import schema
from shop.catalogue import (
    COLUMNS,
    DAY_OF,
    SIZES,
    TABLES,
    known_format,
    known_seed,
    known_table,
    listed,
    name_of,
    orders_of,
    rows,
)
from shop.errors import ShopError
from shop.progress import Progress
from shop.rows import CHUNK_ROWS, chunk, chunk_count
from shop.vocabulary import Vocabulary, hand_over, vocabulary
from shop.writing import WRITERS

AHEAD = 2  # chunks that are made while one is written: more costs memory and gains nothing
PART_CHUNKS = 10
EXTENSIONS = {"parquet": ".parquet", "csv": ".csv", "daily": ""}  # of a part
KEPT_BYTES = 64 * 2**20  # blocks up to this size are used again: a chunk's largest are 10 MiB
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # glibc's names for what `mallopt` sets
FOLDERS_FROM = SIZES["large"]  # orders; from here on a table is a folder of parts

# Bytes per row, measured at medium and rounded up; what is asked of the disk beforehand.
_BYTES = {
    "customers": (75, 190),
    "products": (40, 80),
    "orders": (60, 240),
    "order_items": (16, 45),
    "clicks": (40, 260),
    "deliveries": (45, 150),
}


def needed_bytes(table: str, format: str, orders: int) -> int:
    """About how much disk a table takes."""
    return rows(table, orders) * _BYTES[table][format == "csv"]


def make(
    size: str | int,
    *,
    seed: int | None = None,
    tables: Sequence[str] | None = None,
    formats: Sequence[str] = ("parquet",),
    force: bool = False,
    progress: bool = True,
    processes: int | None = None,
) -> Path:
    """See `shop.make`."""
    if isinstance(tables, str) or isinstance(formats, str):
        raise ShopError("tables and formats take lists of names, as in tables=['orders'].")
    orders, number = orders_of(size), known_seed(seed)
    wanted = [known_table(table) for table in (TABLES if tables is None else tables)]
    kinds = [known_format(format) for format in formats]
    asked = dict.fromkeys(
        (table, kind) for table in wanted for kind in kinds if kind != "daily" or table in DAY_OF
    )
    if "daily" in kinds and not any(kind == "daily" for _, kind in asked):
        raise ShopError(f"Only {listed(DAY_OF)} can be cut by day.")
    names = {f"{table}.{kind}" for table, kind in asked}
    there = store.folder(size, number)
    if not force and _is_current(there) and names <= store.whole(there).keys():
        return there
    if store.faker() is None:
        raise ShopError("Making data needs the package faker: install it with `pip install faker`.")
    with store.locked(size, number) as dataset:
        if force or not _is_current(dataset):
            _forget(dataset, names)
        entries = store.whole(dataset)  # again: another process may have made them by now
        missing = [(table, kind) for table, kind in asked if f"{table}.{kind}" not in entries]
        needed = sum(needed_bytes(table, kind, orders) for table, kind in missing)
        what = f"{name_of(size)} ({', '.join(dict.fromkeys(t for t, _ in missing))})"
        store.check_space(store.root(), needed + 1_000_000, what)
        total = sum(rows(table, orders) for table, _ in missing)
        with _told(dataset, total, shown=progress) as shown:
            for table, kind in missing:
                entries[f"{table}.{kind}"] = _make_table(
                    dataset, table, kind, orders, number, processes or os.cpu_count() or 1, shown
                )
                store.write_manifest(dataset, _manifest(size, number, entries))
    return dataset


def _is_current(dataset: Path) -> bool:
    """Whether what is there, if anything, was made by today's rules."""
    try:
        store.manifest(dataset)
    except ShopError:
        return False
    return True


def _forget(dataset: Path, names: set[str]) -> None:
    """Take what is to be made again out of the manifest; all, where its rules are not ours."""
    if not _is_current(dataset):
        (dataset / store.MANIFEST).unlink()
        store.clear_unfinished(dataset)
        return
    found = store.manifest(dataset)
    if found:
        kept = {name: entry for name, entry in found["tables"].items() if name not in names}
        store.write_manifest(dataset, {**found, "tables": kept})


@contextlib.contextmanager
def _told(dataset: Path, total: int, *, shown: bool) -> Iterator[Progress]:
    """Progress, and one line instead of a traceback where the disk fails."""
    with Progress(dataset.name, total, shown=shown) as progress:
        try:
            yield progress
        except OSError as error:
            raise ShopError(
                f"{dataset.name} could not be written: {error.strerror or error}. What is finished "
                "is kept: ask for the same again when there is room, or remove it with "
                "`python -m shop clean`."
            ) from None


@dataclass(frozen=True)
class _Part:
    """Some chunks of a table, which one process writes as one file (by day: as one folder)."""

    folder: Path
    table: str
    kind: str
    orders: int
    seed: int
    number: int
    chunks: range

    @property
    def name(self) -> str:
        return f"part-{self.number:05}{EXTENSIONS[self.kind]}"

    def is_among(self, done: Iterable[str]) -> bool:
        """Whether these finished files are this part, or lie in it."""
        return any(file.partition("/")[0] == self.name for file in done)


def _parts_of(folder: Path, table: str, kind: str, orders: int, seed: int) -> list[_Part]:
    count = chunk_count(table, orders)
    each = PART_CHUNKS if orders >= FOLDERS_FROM else count
    return [
        _Part(folder, table, kind, orders, seed, number, range(first, min(first + each, count)))
        for number, first in enumerate(range(0, count, each))
    ]


def _make_table(
    dataset: Path,
    table: str,
    kind: str,
    orders: int,
    seed: int,
    processes: int,
    progress: Progress,
) -> dict[str, Any]:
    """Make one table, and return its entry for the manifest."""
    name = f"{table}.{kind}"
    kept = store.Parts(dataset, name)
    done = kept.open()
    parts = _parts_of(kept.folder, table, kind, orders, seed)
    todo = [part for part in parts if not part.is_among(done)]
    share = rows(table, orders) // len(parts)
    progress.advance(share * (len(parts) - len(todo)), table)
    # Even one process works elsewhere, unless this one is ours: see `keep_freed_memory`.
    elsewhere = len(todo) > 1 and (processes > 1 or not _keeps_freed_memory)
    made = _by_processes(todo, processes) if elsewhere else (_make_part(p, progress) for p in todo)
    for files in made:
        kept.add(files)
        done |= files
        if elsewhere:
            progress.advance(share, table)
    if kind == "daily":
        done = _join_days(kept.folder, done)
    in_folder = orders >= FOLDERS_FROM or kind == "daily"
    kept.put_in_place(folder=in_folder)
    return {
        "table": table,
        "format": kind,
        "rows": sum(about["rows"] for about in done.values()),
        "parts": {
            f"{name}/{file}" if in_folder else name: about for file, about in sorted(done.items())
        },
    }


def _by_processes(todo: list[_Part], processes: int) -> Iterator[dict[str, dict[str, Any]]]:
    """What `_make_part` gives for each part, as they are finished."""
    seed = todo[0].seed
    with ProcessPoolExecutor(
        min(processes, len(todo)),
        # Spawned, not forked: this process may have threads, of Arrow or of Spark.
        multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(os.getpid(), seed, vocabulary(seed)),
    ) as pool:
        with _nobodys_program():
            waiting = [pool.submit(_make_part, part) for part in todo]
        try:
            for future in as_completed(waiting):
                yield future.result()
        finally:
            for future in waiting:
                future.cancel()


@contextlib.contextmanager
def _nobodys_program() -> Iterator[None]:
    """Start processes that do not run the calling program once more.

    A spawned process first imports the file that was started, to find what is defined there. Ours
    needs nothing of it, and a learner's script has seldom the guard that this asks for.
    """
    program = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def _begin(parent: int, seed: int, words: Vocabulary) -> None:
    """Begin a process that helps `parent`: it ends when that is gone, however it went."""
    hand_over(seed, words)
    keep_freed_memory()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


_keeps_freed_memory = False


def keep_freed_memory() -> None:
    """Let this process use freed memory again, instead of giving it back and asking for it anew.

    Chunk after chunk needs the same blocks. Asking the system for them costs a fault a page, which
    is a quarter of the time. Not for a learner's own process, whose memory is looked at.
    """
    global _keeps_freed_memory
    _keeps_freed_memory = True
    with contextlib.suppress(OSError, AttributeError):  # only glibc has it
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, KEPT_BYTES)


def _join_days(folder: Path, done: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Move the days of all parts together: part-00001/day=.../x becomes day=.../x."""
    joined = {}
    for part, about in done.items():
        inside = part.partition("/")[2]
        (folder / inside).parent.mkdir(exist_ok=True)
        os.replace(folder / part, folder / inside)
        joined[inside] = about
    for left in folder.glob("part-*"):
        for day in left.iterdir():
            day.rmdir()
        left.rmdir()
    return joined


def _make_part(part: _Part, progress: Progress | None = None) -> dict[str, dict[str, Any]]:
    """Write a part under another name, then rename it: what the manifest says of its files."""
    target, unfinished = part.folder / part.name, part.folder / f".{part.name}"
    writer = None
    made = 0
    try:
        for number, piece in zip(part.chunks, _ahead(part), strict=True):
            writer = writer or WRITERS[part.kind](unfinished, piece.schema, part.table, part.seed)
            writer.write(piece, number)
            made += piece.num_rows
            if progress:
                progress.advance(piece.num_rows, part.table)
    finally:
        if writer:
            writer.close()
    os.replace(unfinished, target)
    files = [target] if target.is_file() else sorted(p for p in target.rglob("*") if p.is_file())
    return {
        str(file.relative_to(part.folder)): {
            "rows": made if file == target else _rows_in(file),
            "bytes": store.length(file),
            "sha256": store.sha256(file),
        }
        for file in files
    }


def _rows_in(file: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(file).num_rows)


def _ahead(part: _Part) -> Iterator[Any]:
    """The part's chunks in order, the next ones being made while one is used."""
    coming: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(AHEAD) as threads:
        try:
            for number in part.chunks:
                made = threads.submit(chunk, part.table, part.orders, part.seed, number)
                coming.append(made)
                if len(coming) > AHEAD:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            for one in coming:
                one.cancel()


def _manifest(size: str | int, seed: int, entries: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "content": store.CONTENT,
        "size": name_of(size),
        "orders": orders_of(size),
        "seed": seed,
        "chunk_rows": CHUNK_ROWS,
        "versions": {
            "faker": store.faker(),
            "numpy": np.__version__,
            "pyarrow": pa.__version__,
            "python": platform.python_version(),
        },
        "schema": {
            table: {field.name: str(field.type) for field in schema(table)} for table in COLUMNS
        },
        "tables": dict(sorted(entries.items())),
    }


__all__ = ["make", "needed_bytes"]
