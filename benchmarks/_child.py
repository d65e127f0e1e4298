"""A program that is measured, in a process of its own: lines of JSON go both ways.

It says a line when it has something to tell, and waits for a line before it does the next thing. So
its memory can be watched during one step and left alone during a timed one.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psutil

from autograder.machine.spark import environment
from benchmarks.harness import BenchError

CORES = 2
MIB = 1024 * 1024


class TooSlow(BenchError):
    """A program said nothing in the time that it was given."""


class Child:
    """The running program. `within` is how many seconds it may be silent."""

    def __init__(self, name: str, process: subprocess.Popen[str], within: float):
        self._name, self._process, self._within = name, process, within
        self._tree = psutil.Process(process.pid)

    def tell(self, line: str) -> None:
        """Give it its next line."""
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self, *, watched: bool = False) -> tuple[dict[str, Any], float]:
        """The next line that it says, and, where it is watched, its peak until then in MiB.

        Raises:
            TooSlow: it said nothing in time.
            BenchError: it ended.
        """
        pipe = self._process.stdout
        assert pipe
        end, peak = time.monotonic() + self._within, 0.0
        while not select.select([pipe], [], [], 0.05)[0]:
            if time.monotonic() > end:
                raise TooSlow(f"{self._name} had said nothing after {self._within:.0f} s")
            if watched:
                peak = max(peak, self._memory_mb())
        if watched:
            peak = max(peak, self._memory_mb())
        line = pipe.readline()
        if not line:
            raise BenchError(f"{self._name} ended without an answer")
        told: dict[str, Any] = json.loads(line)
        return told, peak

    def _memory_mb(self) -> float:
        """PSS of it and all below it: a page that is shared counts once. RSS without PSS."""
        total = 0
        for one in [self._tree, *self._tree.children(recursive=True)]:
            try:
                total += getattr(one.memory_full_info(), "pss", 0) or one.memory_info().rss
            except psutil.Error:
                continue
        return total / MIB


@contextlib.contextmanager
def running(name: str, program: str, job: dict[str, Any], within: float) -> Iterator[Child]:
    """Run `program`, Python source that reads `job` as JSON in argv[1], until the block ends.

    Args:
        name: what messages call it.
        within: seconds in which it has to say each line.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", program, json.dumps(job)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment("laptop"), "OMP_NUM_THREADS": str(CORES)},
        text=True,
    )
    tree = psutil.Process(process.pid)
    try:
        yield Child(name, process, within)
        assert process.stdin
        process.stdin.close()
        process.wait(timeout=60)
    finally:
        for one in [*tree.children(recursive=True), tree] if process.poll() is None else []:
            one.kill()
        process.wait()


def load() -> float:
    """Other work on this machine: tasks that run or wait, for each core."""
    return round(os.getloadavg()[0] / (os.cpu_count() or 1), 1)
