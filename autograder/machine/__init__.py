"""The machine under the course: its Java, Spark's settings, and whether it is ready.

Run `python -m autograder.machine.spark` once to prepare it, `course doctor` to look at it.
"""

from __future__ import annotations


def cores() -> int:
    """How many programs may compute at once: a container may have fewer cores than its machine."""
    import os

    usable = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        usable = len(os.sched_getaffinity(0))
    return int(max(1, min(usable, _quota())))


def _quota() -> float:
    """Cores that the control group of this process may use; infinitely many where none says so.

    https://docs.kernel.org/admin-guide/cgroup-v2.html, "cpu.max": microseconds, of so many.
    """
    from pathlib import Path

    try:
        most, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return float(most) / float(period)
    except (OSError, ValueError):  # no such file, or "max"
        return float("inf")


def machine_in_words() -> str:
    """The machine in a few words, without its name: "2 cores, 24 GiB, Linux x86_64"."""
    import platform

    import psutil

    memory = psutil.virtual_memory().total / 1024**3
    return f"{cores()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
