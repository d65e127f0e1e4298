"""Install the system packages of debian-packages.txt, where the user may.

    python scripts/debian_packages.py
    python scripts/debian_packages.py --require   anything missing afterwards is an error

Root on Debian or Ubuntu gets what is missing installed; others are told what is missing, and what
that means. Says nothing, and takes no time, when everything is there. Needs nothing but Python.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("debian-packages.txt")
STEP_WITHIN = 1800  # seconds


class Package(NamedTuple):
    """A line of the list."""

    name: str
    shown_by: str  # a command, or the path of a file
    without: str

    @property
    def present(self) -> bool:
        if self.shown_by.startswith("/"):
            return Path(self.shown_by).exists()
        # A user's PATH may lack the folders of the administrator's commands.
        path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
        return shutil.which(self.shown_by, path=path) is not None


def read_list(path: Path = LIST) -> list[Package]:
    """The packages in `path`. Raises `ValueError` for a line that is not `name | sign | why`."""
    packages = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 3 or not all(parts):
                raise ValueError(f"{path.name}: not 'package | sign | why': {line!r}")
            packages.append(Package(*parts))
    return packages


def install(packages: list[Package]) -> str:
    """Install with apt-get; an empty string, or what went wrong in one line."""
    names = [package.name for package in packages]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        for step in (["update"], ["install", "--yes", "--no-install-recommends", *names]):
            done = subprocess.run(
                ["apt-get", "--quiet", *step], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, env=quiet, timeout=STEP_WITHIN,
            )  # fmt: skip
            if done.returncode and step[0] == "install":
                log.seek(0)
                lines = log.read().strip().splitlines()
                return lines[-1] if lines else f"apt-get ended with {done.returncode}"
    return ""


def main() -> int:
    """Returns the exit status: 1 when `--require` is given and something is still missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--require", action="store_true", help="anything missing is an error")
    require = parser.parse_args().require
    missing = [package for package in read_list() if not package.present]
    if not missing:
        return 0
    may = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if may:
        names = ", ".join(package.name for package in missing)
        print(f"Installing Debian packages: {names} ...", file=sys.stderr, flush=True)
        try:
            problem = install(missing)
        except (OSError, subprocess.TimeoutExpired) as error:
            problem = str(error)
        if problem:
            print(f"They could not all be installed: {problem}", file=sys.stderr)
        missing = [package for package in missing if not package.present]
    for package in missing:
        print(f"Missing: {package.name}: {package.without}.", file=sys.stderr)
    if missing and not may and shutil.which("apt-get"):
        names = " ".join(package.name for package in missing)
        print(f"To install:  sudo apt-get install {names}", file=sys.stderr)
    return 1 if missing and require else 0


if __name__ == "__main__":
    sys.exit(main())
