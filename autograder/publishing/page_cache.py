"""Which executed pages may be used again, and what their execution took.

Beside jupyter-cache's own records lies `pages.json`: for each record, the page, its fingerprint
(see `fingerprints.py`), and time, peak memory, date and machine of the run. A record whose page has
another fingerprint by now is thrown away before the pages are read, and so is one of which nothing
is noted.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from autograder.machine import machine_in_words
from autograder.publishing.fingerprints import fingerprint

NOTES = "pages.json"


@dataclass(frozen=True)
class Execution:
    """One execution of a page's cells.

    `peak_mb` is the memory in MiB of the page's kernel and all processes below it, shared pages
    counted in each of them, at the moment when it was most; it is looked at every fifth of a
    second.
    """

    page: str
    fingerprint: str
    seconds: float
    peak_mb: float
    date: str
    machine: str


def executions(folder: Path) -> dict[str, Execution]:
    """What is noted in a cache's folder, by the cache's key of the page's code."""
    path = folder / NOTES
    if not path.exists():
        return {}
    try:
        noted: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {key: Execution(**one) for key, one in noted.items()}
    except (ValueError, TypeError, AttributeError):  # of another version, or cut off: not trusted
        return {}


def note(
    folder: Path, key: str, page: str, rests_on: str, seconds: float, peak_mb: float
) -> Execution:
    """Note an execution that is in the cache now."""
    one = Execution(
        page,
        rests_on,
        round(seconds, 2),
        round(peak_mb, 1),
        datetime.now(UTC).isoformat(timespec="seconds"),
        machine_in_words(),
    )
    _write(folder, {**executions(folder), key: one})
    return one


def _write(folder: Path, noted: dict[str, Execution]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=folder, prefix=".pages-", delete=False
    ) as fresh:
        json.dump({key: asdict(one) for key, one in sorted(noted.items())}, fresh, indent=1)
    os.replace(fresh.name, folder / NOTES)


def forget_stale(folder: Path, pages: Path) -> set[str]:
    """Throw away what rests on something that has changed; the names of pages that had been run
    with it.

    Args:
        folder: jupyter-cache's.
        pages: where the pages' sources lie.
    """
    if not folder.exists():
        return set()
    from jupyter_cache import get_cache

    noted = executions(folder)
    now = {path.stem: fingerprint(path) for path in sorted(pages.glob("*.md"))}
    sound = {key: one for key, one in noted.items() if now.get(one.page) == one.fingerprint}
    cache = get_cache(str(folder))
    for record in cache.list_cache_records():
        if record.hashkey not in sound:
            cache.remove_cache(record.pk)
    if sound != noted:
        _write(folder, sound)
    return {one.page for key, one in noted.items() if key not in sound}


class Watch:
    """The most memory in MiB that processes below this one held at once, within a `with` block."""

    peak_mb = 0.0

    def __enter__(self) -> Watch:
        self._over = threading.Event()
        self._own = psutil.Process()
        self._before = {one.pid for one in self._own.children(recursive=True)}
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def _look(self) -> None:
        while not self._over.wait(0.2):
            held = 0
            for one in self._own.children(recursive=True):
                if one.pid in self._before:
                    continue
                try:
                    held += one.memory_info().rss
                except psutil.Error:  # it has ended meanwhile
                    continue
            self.peak_mb = max(self.peak_mb, held / 1024**2)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
