"""Spark runs with the settings of a place, quietly, with or without a Java on the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.machine import spark
from autograder.machine.java import find_java, quiet_home
from autograder.wall import Limits, WallError, find_wall
from tests.machine.sessions import COUNTS, JOB, TOTALS, in_place, session

APPLIED = """
import json, os, sys, time
from autograder.machine.spark import apply
for place in sys.argv[1:]:
    apply(place)
print(json.dumps(dict(os.environ) | {"zone": time.tzname[0]}))
"""


def applied(environment: dict[str, str], *places: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", APPLIED, *places], env=environment, text=True, capture_output=True,
        check=True,
    )  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_spark_runs_where_there_is_no_java(without_java: dict[str, str]) -> None:
    """Nor does a SPARK_HOME of another Spark, or an archive that is damaged, do any harm."""
    environment = in_place("laptop", without_java | {"SPARK_HOME": "/opt/spark-3.5"})
    archive = Path(_archive(environment))
    archive.parent.mkdir(parents=True)
    archive.write_bytes(b"no archive" * 1000)
    found = session(in_place("laptop", environment))
    assert found.said["home"].startswith(without_java["BEYOND_PANDAS_CACHE"])
    assert found.said["java"].startswith("25.")
    assert found.stdout == [] and found.stderr == []
    assert found.said["settings"] == {
        "spark.master": "local[*]",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.ansi.enabled": "true",
        "spark.ui.enabled": "true",
    }


def test_spark_runs_on_the_java_of_the_machine(bare_environment: dict[str, str]) -> None:
    found = session(in_place("grader", bare_environment))
    assert found.said["home"] == str(find_java().home)
    assert found.said["python"] == sys.executable
    assert found.said["zone"] == "UTC"
    assert found.stdout == [] and found.stderr == []
    assert found.said["settings"]["spark.master"] == "local[2]"
    assert found.said["settings"]["spark.ui.enabled"] == "false"
    assert found.said["settings"]["spark.sql.shuffle.partitions"] == "4"


def test_spark_runs_behind_the_wall() -> None:
    try:
        wall = find_wall()
    except WallError as problem:
        pytest.skip(f"NOT TESTED, no wall on this machine: {problem}")
    spark.make_archive()
    readonly = spark.needs("grader")
    assert len(readonly) == 2  # the settings and the archive
    with wall.start(
        [sys.executable, "-c", JOB],
        readonly=readonly,
        environment=spark.environment("grader", seen=wall.place(readonly)),
        limits=Limits(memory_mb=4096),
    ) as jailed:
        done = jailed.finish(200)
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout)
    assert (said["frame"], said["pairs"]) == (TOTALS, COUNTS)
    assert said["settings"]["spark.master"] == "local[2]"


@pytest.mark.slow
@pytest.mark.parametrize("brought", [True, False], ids=["packaged_java", "java_of_the_machine"])
def test_the_archive_is_made_once_and_used(
    brought: bool,
    without_java: dict[str, str],
    bare_environment: dict[str, str],
    tmp_path: Path,
) -> None:
    start = without_java if brought else bare_environment
    cache = {"BEYOND_PANDAS_CACHE": str(tmp_path / "a cache")}
    prepare = [sys.executable, "-m", "autograder.machine.spark"]
    first = subprocess.run(prepare, env=start | cache, text=True, capture_output=True, timeout=600)
    assert first.returncode == 0 and "are archived" in first.stderr, first.stderr
    environment = in_place("laptop", start | cache)
    archive = Path(_archive(environment))
    made = archive.stat()
    assert [one.name for one in archive.parent.iterdir() if one.name[0] != "."] == [archive.name]
    subprocess.run(prepare, env=start | cache, capture_output=True, check=True, timeout=60)
    assert archive.stat().st_ino == made.st_ino

    log = tmp_path / "classes"
    asked = f"{environment['SPARK_SUBMIT_OPTS']} -Xlog:class+load=info:file={log}"
    session(environment | {"SPARK_SUBMIT_OPTS": asked})
    # Lambdas and generated code come neither from a jar nor, in Scala, out of an archive.
    loaded = [line for line in log.read_text().splitlines() if "org.apache.spark." in line]
    from_archive = sum("source: shared objects file (top)" in line for line in loaded)
    from_jars = sum("/jars/spark-" in line for line in loaded)
    assert from_archive > 2000
    assert from_archive > 20 * from_jars


def test_what_the_user_set_on_purpose_stays(bare_environment: dict[str, str]) -> None:
    mine = {"PYSPARK_PYTHON": "/opt/python", "SPARK_LOCAL_IP": "127.0.0.2", "TZ": "Asia/Tokyo"}
    found = applied(bare_environment | mine, "laptop")
    assert {name: found[name] for name in mine} == mine
    assert found["zone"] == "JST"


def test_a_left_over_spark_home_and_an_unfit_java_home_give_way(
    bare_environment: dict[str, str],
) -> None:
    left = {"SPARK_HOME": "/opt/spark-3.5", "JAVA_HOME": "/opt/no-java"}
    found = applied(bare_environment | left, "laptop")
    assert found["SPARK_HOME"] == str(spark.spark_home())
    assert found["JAVA_HOME"] == str(quiet_home(find_java()))


def test_one_place_gives_way_to_the_next(bare_environment: dict[str, str]) -> None:
    found = applied(bare_environment, "laptop", "grader")
    assert found["SPARK_CONF_DIR"].endswith("/conf/grader")
    assert "conf/laptop" not in found["SPARK_SUBMIT_OPTS"]
    cluster = applied(bare_environment, "laptop", "cluster")
    assert not {"SPARK_SUBMIT_OPTS", "SPARK_LAUNCHER_OPTS", "SPARK_LOCAL_IP"} & cluster.keys()


def test_an_unknown_place_is_answered_with_those_that_are_known() -> None:
    with pytest.raises(spark.MachineError, match="conf/ has: cluster, grader, laptop") as problem:
        spark.environment("moon")
    assert "\n" not in str(problem.value)


def test_options_with_spaces_and_quotes_survive_the_launcher() -> None:
    """The launcher takes SPARK_SUBMIT_OPTS apart; it is asked what it made of them."""
    options = ["-Da=with a space", '-Db=a"quote', "-Dc=back\\slash", "-Dd=it's", "-De=plain/*"]
    done = subprocess.run(
        [str(find_java().home / "bin" / "java"), "-cp", f"{spark.spark_home()}/jars/*",
         "org.apache.spark.launcher.Main", "org.apache.spark.deploy.SparkSubmit", "pyspark-shell"],
        env={**os.environ, **spark.environment(), "SPARK_SUBMIT_OPTS": spark._joined(options),
             "SPARK_SCALA_VERSION": "2.13"},  # else it looks for a build of Spark
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    given = done.stdout.split("\0")
    assert [one for one in given if one.startswith("-D") and one[3] == "="] == options


@pytest.mark.parametrize("place", spark.places())
def test_every_setting_says_why(place: str) -> None:
    lines = (spark.conf_folder(place) / "spark-defaults.conf").read_text().splitlines()
    blocks = "\n".join(lines).split("\n\n")
    assert sum(line.startswith("spark.") for line in lines) >= 8
    for block in blocks:
        assert block.startswith("#"), f"no reason given for: {block}"


def test_places_agree_on_whatever_changes_a_result() -> None:
    def settings(place: str) -> dict[str, str]:
        text = (spark.conf_folder(place) / "spark-defaults.conf").read_text()
        pairs = [line.split(None, 1) for line in text.splitlines() if line.startswith("spark.")]
        return {name: value.strip() for name, value in pairs}

    laptop, grader = settings("laptop"), settings("grader")
    differing = {name for name in laptop | grader if laptop.get(name) != grader.get(name)}
    threads = {name for name in differing if name.endswith(".maxThreadThreshold")}
    of_the_window = {"spark.ui.enabled", "spark.sql.ui.explainMode"}
    assert differing - threads == {"spark.master", "spark.driver.memory", *of_the_window}


def _archive(environment: dict[str, Any]) -> str:
    code = "from autograder.machine.spark import archive_path; print(archive_path())"
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, text=True, capture_output=True, check=True
    ).stdout.strip()
