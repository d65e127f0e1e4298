"""Runs sections of measurements and keeps what they gave in results.json.

A section is a module `benchmarks/<section>.py` with

    def run(record: Record) -> None:
        record("name of the measurement", 4.2, "s")
        record("ours against theirs", 0.4, "ratio", bar="<= 0.5", holds=True)

Results of sections that did not run stay as they were, with the date and the machine of their run.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

from autograder.course import CourseError
from autograder.machine import machine_in_words
from autograder.machine.java import find_java

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
PACKAGES = (
    "pyspark", "pandas", "pyarrow", "numpy", "scikit-learn", "prefect", "nbgrader", "polars",
    "duckdb", "dask",
)  # fmt: skip


class BenchError(CourseError):
    """The measurements cannot be made as asked; the message is one line."""


class Record(Protocol):
    """What a section calls for each number that it measured."""

    def __call__(
        self,
        name: str,
        value: float,
        unit: str,
        bar: str | None = None,
        holds: bool | None = None,
    ) -> None: ...


@dataclass(frozen=True)
class Measurement:
    """One number.

    Attributes:
        section: the module that measured it.
        name: what was measured, in words.
        value: in `unit`.
        unit: `s`, `MiB`, `rows/s`, `ratio` ...
        bar: what was promised, such as `<= 0.5`; None where nothing was.
        holds: whether the promise was kept; None where there is none.
    """

    section: str
    name: str
    value: float
    unit: str
    bar: str | None = None
    holds: bool | None = None


def sections() -> list[str]:
    """The names of all sections: the modules here but this one and those that `_` begins."""
    return sorted({path.stem for path in FOLDER.glob("[!_]*.py")} - {Path(__file__).stem})


def measure(section: str) -> list[Measurement]:
    """Run one section.

    Raises:
        BenchError: there is no such section, or it measured nothing.
    """
    if section not in sections():
        raise BenchError(f"no section is called {section!r}; there are: {', '.join(sections())}")
    found: list[Measurement] = []

    def record(
        name: str, value: float, unit: str, bar: str | None = None, holds: bool | None = None
    ) -> None:
        found.append(Measurement(section, name, float(value), unit, bar, holds))

    importlib.import_module(f"benchmarks.{section}").run(record)
    if not found:
        raise BenchError(f"the section {section} measured nothing")
    return found


def keep(section: str, found: list[Measurement], path: Path = RESULTS) -> None:
    """Put the section's results in the place of its earlier ones.

    The file holds `machine`, `versions` and `date` of the latest run, `results`, one entry a
    measurement, and in `sections` those three facts for each section.
    """
    kept = _read(path)
    facts = {
        "machine": machine_in_words(),
        "versions": versions(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    earlier: list[dict[str, Any]] = kept.get("results", [])
    others = [one for one in earlier if one["section"] != section]
    results = [*others, *map(asdict, found)]
    document: dict[str, Any] = {
        **facts,
        "sections": dict(sorted({**kept.get("sections", {}), section: facts}.items())),
        "results": sorted(results, key=lambda one: str(one["section"])),
    }
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=".results-", delete=False
    ) as fresh:
        json.dump(document, fresh, indent=2, ensure_ascii=False)
        fresh.write("\n")
    os.chmod(fresh.name, 0o644)
    os.replace(fresh.name, path)


def pace() -> float:
    """Seconds that ten million additions in a loop of Python take on one core at the moment.

    A shared machine may be three times as slow an hour later, without any load that can be seen.
    Beside a time that is held against a promise in seconds stands how fast the machine was.
    """
    took = []
    for _ in range(5):
        began = time.perf_counter()
        total = 0
        for number in range(2_000_000):
            total += number
        took.append(time.perf_counter() - began)
    return 5 * statistics.median(took)


def versions() -> dict[str, str]:
    """Versions of Python, Java and the packages that are measured."""
    found = {"python": platform.python_version(), "java": find_java().version}
    return found | {name: metadata.version(name) for name in PACKAGES}


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise BenchError(f"{path.name} is not JSON ({problem}): mend or remove it") from problem
    return document
