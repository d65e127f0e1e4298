"""Programs behind real walls, for the tests."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

from autograder.wall import Finished, Jailed, Limits, Wall, WallError, find_wall

SMALL = Limits(memory_mb=512, processes=24, scratch_mb=16, file_mb=8, open_files=64)
Run = Callable[..., Finished]
# A program that leaves the tree of its processes and hears no polite signal.
DAEMON = """
    import os, signal, sys, time
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    def daemon():
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv("/usr/bin/sleep", ["{marker}", "600"])
            os._exit(0)
        os.wait()
    daemon()
    time.sleep(0.3)
    print("left", flush=True)
"""


def wall_or_skip(cgroups: bool | None = None) -> Wall:
    try:
        return find_wall(cgroups=cgroups)
    except WallError as problem:
        pytest.skip(f"NOT TESTED, no such wall on this machine: {problem}")


def start(
    wall: Wall,
    code: str,
    limits: Limits = SMALL,
    readonly: Mapping[str, Path] | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> Jailed:
    """Start Python code behind the wall."""
    return wall.start(
        [sys.executable, "-c", code],
        readonly=readonly or {},
        environment=environment or {},
        limits=limits,
        stdin=stdin,
    )


def code(text: str) -> str:
    return textwrap.dedent(text)


def wait_for(what: Callable[[], object], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.02)
    return False


def alive(marker: str) -> list[int]:
    """Processes of this machine whose command line holds `marker`."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "status"]):
        here = " ".join(process.info["cmdline"] or [])
        if marker in here and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process.info["pid"])
    return found
