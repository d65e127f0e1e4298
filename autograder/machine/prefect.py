"""Prefect for a run: settings that keep it to itself, and a server's database made beforehand.

A server's first start makes a hundred tables, which takes longer than all runs of an exercise. So
it is done once, and every server starts from a copy.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from autograder.course import CourseError, cache_folder, locked

WITHIN = 300.0  # seconds
INSIDE = "/prefect/prefect.db"
_FIRST_FLOW = """
from prefect import flow

@flow
def first():
    return 1

first()
"""


def settings(home: str) -> dict[str, str]:
    """The variables with which a process runs flows against a server of its own.

    Args:
        home: Prefect's folder, for the process to write to.
    """
    return {
        "PREFECT_HOME": home,
        # A server that the first client starts, and that ends with the process.
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # No one is told, and nothing is looked for on the network.
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
    }


def apply() -> None:
    """Let flows of this process, a notebook's kernel as a rule, run against a server of its own.

    It has to be done before Prefect is imported. Who has named a server or a folder keeps it.
    """
    if "PREFECT_API_URL" in os.environ or "PREFECT_HOME" in os.environ:
        return
    home = cache_folder() / "prefect" / "notebook"
    home.mkdir(parents=True, exist_ok=True)
    made = cache_folder() / "prefect" / f"{version('prefect')}.db"
    if made.exists() and not (home / "prefect.db").exists():
        shutil.copyfile(made, home / "prefect.db")
    for name, text in settings(str(home)).items():
        if not name.startswith("PREFECT_LOGGING_"):
            os.environ.setdefault(name, text)


def database() -> Path:
    """A server's database with all tables and no run of interest; made at first use.

    Raises:
        CourseError: Prefect could not make it.
    """
    target = cache_folder() / "prefect" / f"{version('prefect')}.db"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target.parent / ".lock"):
        if not target.exists():
            with tempfile.TemporaryDirectory(prefix=".making-", dir=target.parent) as home:
                _make(Path(home))
                (Path(home) / "prefect.db").chmod(0o444)
                os.replace(Path(home) / "prefect.db", target)
    return target


def _make(home: Path) -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-c", _FIRST_FLOW],
            cwd=home,
            env={**os.environ, **settings(str(home)), "PREFECT_API_URL": ""},
            capture_output=True,
            text=True,
            timeout=WITHIN,
        )
    except subprocess.TimeoutExpired as problem:
        raise CourseError(
            f"Prefect's first flow did not end within {WITHIN:.0f} s: is the machine very busy? "
            "Try again later."
        ) from problem
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word from it"])[-1]
        raise CourseError(f"Prefect's first flow failed: {last}")
    with sqlite3.connect(home / "prefect.db") as book:
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        book.execute("PRAGMA journal_mode=DELETE")
    book.close()


@contextmanager
def server(home: Path) -> Iterator[str]:
    """A server of its own, as `prefect server start` starts it; it ends with the block.

    Args:
        home: an empty folder for its database and all that it keeps.

    Yields:
        The address of its API on this machine, for PREFECT_API_URL. Its pages are there, too,
        without the /api at the end.

    Raises:
        CourseError: it did not answer in time.
    """
    shutil.copyfile(database(), home / "prefect.db")
    (home / "prefect.db").chmod(0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host=127.0.0.1"]
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")},
        **settings(str(home)),
        "PREFECT_UI_API_URL": address,
    }
    with open(home / "server.txt", "w") as log:
        process = subprocess.Popen(
            [*command, f"--port={port}"], cwd=home, env=environment, stdout=log, stderr=log
        )
    try:
        _wait_for(f"{address}/health", process, home / "server.txt")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    last = (log.read_text(errors="replace").strip().splitlines() or ["no word from it"])[-1]
    raise CourseError(f"Prefect's server did not answer: {last}")
