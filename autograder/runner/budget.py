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
import sys
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


def give_back() -> None:
    """Return memory to the system that is free inside this process: it could be used uncounted."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)


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
