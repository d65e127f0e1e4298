"""The shop in processes of its own, for the tests of this folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import shop

PACKAGE_PARENT = Path(shop.__file__).parents[1]
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(**more: str) -> dict[str, str]:
    """This process's environment, with the shop in reach."""
    return {**os.environ, "PYTHONPATH": str(PACKAGE_PARENT), **more}
