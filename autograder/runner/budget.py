"""A real limit on the memory that one call may add, and how much it added.

Linux holds RLIMIT_DATA: the process's private writable memory. Going over it makes the
allocation fail, and Python raises a true `MemoryError`. RLIMIT_AS would also count what is
only reserved, and kill a JVM. macOS ignores RLIMIT_DATA; there the process that started this
one watches the memory from outside and ends it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

MIB = 1024 * 1024


def _status(field: str) -> int:
    """A size from /proc/self/status, in bytes; 0 where there is no such file."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def resident() -> int:
    """Bytes of this process that are in memory now."""
    return _status("VmRSS")


@contextlib.contextmanager
def without_collection() -> Iterator[None]:
    """No garbage collection meanwhile: each would look through all rows that are being made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextlib.contextmanager
def leaving_no_holes() -> Iterator[None]:
    """Meanwhile, blocks that are freed go back to the system, and leave nothing free inside.

    What is free inside a process can be used again without its data growing, and so without
    counting. Blocks from 64 KiB on are therefore mapped one by one; that takes more time.
    """
    _map_from(64 * 1024)
    try:
        yield
    finally:
        gc.collect()
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
        _map_from(int(os.environ.get("MALLOC_MMAP_THRESHOLD_", 32 * MIB)))


def _map_from(size: int) -> None:
    with contextlib.suppress(OSError, AttributeError):  # only glibc has it
        ctypes.CDLL(None).mallopt(-3, size)  # M_MMAP_THRESHOLD


def limit_growth(budget_mb: float) -> bool:
    """Let this process's data grow by `budget_mb` MiB from now on. False where it cannot hold."""
    if not sys.platform.startswith("linux"):
        return False
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = _status("VmData") + int(budget_mb * MIB)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    return True


def lift_limit() -> None:
    """Give the memory back that the budget withheld, so that the evidence can be written."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


class Peak:
    """The highest resident memory since `start()`, above what was resident then, in bytes."""

    def start(self) -> None:
        self._before = resident()
        try:
            Path("/proc/self/clear_refs").write_text("5")  # resets VmHWM
        except OSError:
            pass

    def read(self) -> int:
        return max(0, _status("VmHWM") - self._before)
