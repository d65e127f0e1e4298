"""A learner's home and notebooks for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def learner(tmp_path: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEYOND_PANDAS_HOME", str(tmp_path / "home"))
        patch.setenv("BEYOND_PANDAS_WORK", str(tmp_path / "work"))
        yield tmp_path
