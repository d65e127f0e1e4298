"""Is this machine ready for the course? One line for each thing, and what to do where it is not."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import click
import psutil
from packaging.requirements import InvalidRequirement, Requirement
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.course import ROOT, CourseError, cache_folder
from autograder.machine import java, spark
from autograder.wall import WallError, find_wall

State = Literal["ok", "warn", "problem"]
GIB = 1024**3
OLDEST, TOO_NEW = (3, 11), (3, 14)
# Spark's driver with Python takes half a GiB before any work, JupyterLab and a browser the rest.
MEMORY_NEEDED, MEMORY_COMFORTABLE = 3 * GIB, 7 * GIB
# The `medium` data, the archive and a built book take about 1 GiB.
DISK_NEEDED, DISK_COMFORTABLE = 1 * GIB, 5 * GIB
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
STYLES = {"ok": "green", "warn": "yellow", "problem": "bold red"}


@dataclass(frozen=True)
class Finding:
    """What one look at the machine found.

    Attributes:
        name: what was looked at.
        state: `ok`; `warn`, something of the course is not available or slower; `problem`, the
            course does not run.
        found: what is there, in a few words.
        remedy: the one thing to do, empty when the state is ok.
    """

    name: str
    state: State
    found: str
    remedy: str = ""


def findings() -> list[Finding]:
    """Look at everything that the course needs of a machine; takes a few seconds."""
    return [one for look in LOOKS for one in look()]


def look_at_python() -> Iterator[Finding]:
    """The interpreter's version."""
    version = ".".join(map(str, sys.version_info[:3]))
    if OLDEST <= sys.version_info[:2] < TOO_NEW:
        yield Finding("Python", "ok", version)
    else:
        yield Finding(
            "Python", "problem", version,
            "install Python 3.11, 3.12 or 3.13, then run make setup PYTHON=python3.13",
        )  # fmt: skip


def look_at_java() -> Iterator[Finding]:
    """The Java that Spark would run on, and a JAVA_HOME that leads elsewhere."""
    try:
        found = java.find_java()
    except java.JavaError as problem:
        yield Finding("Java", "problem", "none that Spark runs on", str(problem))
        return
    yield Finding("Java", "ok", f"{found.version} from {found.source}, {found.home}")
    named = os.environ.get("JAVA_HOME")
    if named and found.source != "JAVA_HOME" and Path(named).resolve() != found.home.resolve():
        yield Finding(
            "JAVA_HOME", "warn", f"{named} is no Java that Spark runs on",
            f"the course's commands use {found.home}; for your own scripts, set JAVA_HOME to it",
        )  # fmt: skip


def look_at_archive() -> Iterator[Finding]:
    """The class-data archive with which a session starts faster."""
    try:
        archive = spark.archive_path()
    except CourseError:
        return  # no Java or no Spark: said already
    if archive.exists():
        size = archive.stat().st_size / 2**20
        yield Finding("Spark's start", "ok", f"class-data archive, {size:.0f} MiB")
    else:
        yield Finding(
            "Spark's start", "warn", "slow: Spark's classes are not archived yet",
            "run python -m autograder.machine.spark (about a minute)",
        )  # fmt: skip


def look_at_pyspark() -> Iterator[Finding]:
    """PySpark, and pandas and pyarrow against the versions that it states it needs."""
    try:
        version = metadata.version("pyspark")
    except metadata.PackageNotFoundError:
        yield Finding("PySpark", "problem", "not installed", "run make setup")
        return
    yield Finding("PySpark", "ok", version)
    stated = [Requirement(line) for line in metadata.requires("pyspark") or []]
    for name in ("pandas", "pyarrow"):
        for need in stated:
            if need.name == name and need.marker and need.marker.evaluate({"extra": "sql"}):
                have = _version(name)
                if have and need.specifier.contains(have, prereleases=True):
                    yield Finding(f"{name} for PySpark", "ok", f"{have} ({need.specifier})")
                else:
                    yield Finding(
                        f"{name} for PySpark", "problem",
                        f"{have or 'not installed'}, PySpark needs {need.specifier}",
                        "run make setup",
                    )  # fmt: skip


def look_at_spark_home() -> Iterator[Finding]:
    """A SPARK_HOME from another installation, with which PySpark runs the wrong Spark."""
    named = os.environ.get("SPARK_HOME")
    if not named:
        return
    try:
        ours = spark.spark_home()
    except spark.MachineError:
        return
    if Path(named).resolve() == ours.resolve():
        yield Finding("SPARK_HOME", "ok", "this environment's PySpark")
    else:
        yield Finding(
            "SPARK_HOME", "warn", f"left over: {named}",
            "unset SPARK_HOME in your shell; the course's own commands set it aside",
        )  # fmt: skip


def look_at_spark_versions() -> Iterator[Finding]:
    """The Spark that the JVM loads against the PySpark that drives it, to the last digit."""
    try:
        driver, home = metadata.version("pyspark"), spark.spark_home()
    except (metadata.PackageNotFoundError, spark.MachineError):
        return  # said already
    jars = sorted((home / "jars").glob("spark-core_*.jar"))
    loaded = {jar.stem.rpartition("-")[2] for jar in jars}
    if loaded == {driver}:
        yield Finding("Spark's jars", "ok", f"{driver}, as PySpark")
    elif loaded:
        yield Finding(
            "Spark's jars", "problem", f"{', '.join(sorted(loaded))}, PySpark is {driver}",
            "run make setup: one version on both sides, else a job fails where they meet",
        )  # fmt: skip
    else:
        yield Finding("Spark's jars", "problem", f"none in {home}", "run make setup")


def look_at_workers_python() -> Iterator[Finding]:
    """The Python of Spark's workers: its minor version has to be the driver's."""
    ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
    named = os.environ.get("PYSPARK_PYTHON")
    if not named:  # the course's commands name this interpreter
        yield Finding("Workers' Python", "ok", f"{ours}, this environment's")
        return
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([named, "-c", code], capture_output=True, text=True, timeout=60)
        theirs = done.stdout.strip() if done.returncode == 0 else ""
    except (OSError, subprocess.TimeoutExpired):
        theirs = ""
    if theirs == ours:
        yield Finding("Workers' Python", "ok", f"{theirs}, as the driver's")
    else:
        found = f"{named} is Python {theirs}" if theirs else f"{named} does not run"
        yield Finding(
            "Workers' Python", "problem", f"{found}, the driver's is {ours}",
            "unset PYSPARK_PYTHON in your shell, or let it name a Python "
            f"{ours} with the same packages",
        )  # fmt: skip


def look_at_memory() -> Iterator[Finding]:
    """Memory of the machine, or of the control group that it allows this process."""
    total = psutil.virtual_memory().total
    try:
        allowed = int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # no such file, or "max"
        allowed = total
    total = min(total, allowed)
    found = f"{total / GIB:.1f} GiB"
    if total >= MEMORY_COMFORTABLE:
        yield Finding("Memory", "ok", found)
    elif total >= MEMORY_NEEDED:
        yield Finding(
            "Memory", "warn", found, "close other programs before exercises with Spark"
        )  # fmt: skip
    else:
        yield Finding(
            "Memory", "problem", found, "use a machine with 4 GiB or more: Spark needs them"
        )  # fmt: skip


def look_at_disk() -> Iterator[Finding]:
    """Free space where data and the cache are kept."""
    for name, wanted in (("Disk, course", ROOT), ("Disk, cache", cache_folder())):
        folder = next(one for one in (wanted, *wanted.parents) if one.exists())
        free = shutil.disk_usage(folder).free
        found = f"{free / GIB:.0f} GiB free in {folder}"
        if free >= DISK_COMFORTABLE:
            yield Finding(name, "ok", found)
        else:
            state: State = "warn" if free >= DISK_NEEDED else "problem"
            yield Finding(name, state, found, "free some space, 5 GiB do for all sizes to large")


def look_at_wall() -> Iterator[Finding]:
    """The wall around students' programs: a jail is really made."""
    try:
        yield Finding("Wall", "ok", find_wall().name)
    except WallError as problem:
        yield Finding("Wall", "warn", "none: classes cannot be graded here", str(problem))


def look_at_browser() -> Iterator[Finding]:
    """A Chromium, for the tests of pages and notebooks."""
    for name in BROWSERS:
        if found := shutil.which(name):
            yield Finding("Chromium", "ok", found)
            return
    yield Finding(
        "Chromium", "warn", "none: tests of pages are skipped",
        "install chromium (Debian: apt install chromium)",
    )  # fmt: skip


def look_at_data_limit() -> Iterator[Finding]:
    """Whether a limit on a process's data (RLIMIT_DATA) is kept, on which budgets rest."""
    code = (
        "import resource as r; r.setrlimit(r.RLIMIT_DATA, (2**28, 2**28)); "
        "import sys\ntry:\n    bytearray(2**29)\nexcept MemoryError:\n    sys.exit(77)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    if done.returncode == 77:
        yield Finding("Memory limits", "ok", "RLIMIT_DATA is kept")
    else:
        yield Finding(
            "Memory limits", "warn", "RLIMIT_DATA is not kept by this system",
            "nothing to do: budgets are watched from outside, a little less exactly",
        )  # fmt: skip


def look_at_loopback() -> Iterator[Finding]:
    """A connection over the machine's own address, by which Python talks to Spark's JVM."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = server.getsockname()
            with socket.create_connection(address, timeout=5):
                yield Finding("Loopback ports", "ok", "127.0.0.1 answers")
    except OSError as problem:
        yield Finding(
            "Loopback ports", "problem", f"127.0.0.1 does not answer ({problem.strerror})",
            "let programs connect to 127.0.0.1 (firewall, VPN or container settings)",
        )  # fmt: skip


def look_at_packages() -> Iterator[Finding]:
    """The installed packages against requirements.lock."""
    lock = ROOT / "requirements.lock"
    try:
        lines = lock.read_text(encoding="utf-8").splitlines()
        wanted = [Requirement(line) for line in lines if line.strip() and line[0] != "#"]
    except (OSError, InvalidRequirement) as problem:
        yield Finding("Packages", "problem", f"requirements.lock cannot be read: {problem}",
                      "restore it from the course's repository")  # fmt: skip
        return
    here = [one for one in wanted if one.marker is None or one.marker.evaluate()]
    wrong = []
    for need in here:
        have = _version(need.name)
        if have is None:
            wrong.append(f"{need.name} is missing")
        elif not need.specifier.contains(have, prereleases=True):
            wrong.append(f"{need.name} {have}, locked {need.specifier}")
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        yield Finding("Packages", "problem", "; ".join(wrong[:3]) + more, "run make setup")
    else:
        yield Finding("Packages", "ok", f"{len(here)} as in requirements.lock")


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    look_at_python, look_at_packages, look_at_java, look_at_pyspark, look_at_spark_home,
    look_at_spark_versions, look_at_workers_python, look_at_archive, look_at_memory,
    look_at_disk, look_at_loopback, look_at_data_limit, look_at_wall, look_at_browser,
)  # fmt: skip


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, for programs.")
def doctor(as_json: bool) -> None:
    """Is this machine ready for the course, and if not, what is to be done?

    The exit status is 0 when nothing stands in the way, 1 when something does.
    """
    found = findings()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=2))
    else:
        _show(found)
    raise SystemExit(any(one.state == "problem" for one in found))


def _show(found: list[Finding]) -> None:
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("what", no_wrap=True)
    table.add_column("found", overflow="fold")
    for one in found:
        table.add_row(f"[{STYLES[one.state]}]{one.state}[/]", one.name, escape(one.found))
    console.print(table)
    ill = [one for one in found if one.state != "ok"]
    for one in ill:
        console.print(f"\n[{STYLES[one.state]}]{one.name}[/]: {escape(one.remedy)}", soft_wrap=True)
    if not any(one.state == "problem" for one in found):
        console.print("\nThis machine is ready for the course.")


if __name__ == "__main__":
    doctor()
