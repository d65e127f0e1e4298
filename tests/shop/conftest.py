"""A folder of data for these tests alone, and the shop as a command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shop.running import Run, environment


@pytest.fixture(scope="package", autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """SHOP_DATA of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("data")
        patch.setenv("SHOP_DATA", str(folder))
        patch.delenv("SHOP_PREPARED", raising=False)
        yield folder


@pytest.fixture
def run() -> Run:
    """Run Python with some words, as a process of its own."""

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            capture_output=True,
            text=True,
            timeout=200,
            env=environment(**more),
        )

    return run
