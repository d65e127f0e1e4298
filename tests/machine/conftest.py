"""A PATH and an environment without Java."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def path_without_java(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One folder with every command of PATH but Java's."""
    folder = tmp_path_factory.mktemp("commands")
    for name in os.environ["PATH"].split(os.pathsep):
        for program in Path(name).glob("*"):
            link = folder / program.name
            if not program.name.startswith("java") and not link.is_symlink():
                link.symlink_to(program)
    return str(folder)


@pytest.fixture(scope="session")
def bare_environment() -> dict[str, str]:
    """This process's environment without what concerns Java and Spark."""
    ours = ("JAVA_", "JDK_", "SPARK_", "PYSPARK_", "BEYOND_PANDAS_PLACE", "TZ")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.fixture(scope="session")
def without_java(
    bare_environment: dict[str, str],
    path_without_java: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """An environment without any Java, and with an empty cache whose path has a space in it."""
    cache = tmp_path_factory.mktemp("cache") / "with a space"
    return bare_environment | {"PATH": path_without_java, "BEYOND_PANDAS_CACHE": str(cache)}
