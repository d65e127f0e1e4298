"""Folders of one process that go with it, or, where it was killed, with a later one that asks."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
import time
from pathlib import Path

import psutil

DAY = 24 * 60 * 60  # seconds


def own_folder(prefix: str, above: Path | None = None) -> Path:
    """A new folder of this process, which `remove` takes away.

    What killed processes of this user left under such names goes first.

    Args:
        prefix: how its name begins. The number of the process follows.
        above: where it is made. Other machines and containers may share it: what they left goes
            once it is a day old, for their processes are not seen from here. Where nothing is
            said it is the folder for temporary files, and what was left goes at once.
    """
    place, seconds = (above, DAY) if above else (Path(tempfile.gettempdir()), 0)
    for folder in place.glob(f"{prefix}*"):
        if _is_left(folder, prefix, seconds):
            remove(folder)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=place))


def remove(folder: Path) -> None:
    """Take `folder` away, also where its owner may not list it."""
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path, prefix: str, seconds: int) -> bool:
    maker = re.match(rf"{re.escape(prefix)}(\d+)-", folder.name)
    if not maker or psutil.pid_exists(int(maker.group(1))):
        return False
    try:
        found = folder.lstat()  # anybody may put a link into a folder for temporary files
    except OSError:
        return False
    own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return own and time.time() - found.st_mtime >= seconds
