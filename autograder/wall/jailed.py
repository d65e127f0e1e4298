"""A program behind a wall: watch it, and end it with everything that it started."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psutil

from autograder.wall import processes
from autograder.wall.cgroups import Group
from autograder.wall.contract import MIB, Limits, WallError

WATCH_SECONDS = 0.1
KEPT_COMPLAINTS = 64 * 1024


@dataclass(frozen=True)
class Finished:
    """What a program left behind: its exit status and what it wrote, cut at a cap."""

    returncode: int
    stdout: bytes
    stderr: bytes


class Jailed:
    """A program that runs behind a wall. Use it as a context manager.

    Standard error is read all the time, so that it never blocks the program; `complaints()` has
    the end of it.

    Attributes:
        process: the process that was started here; its `stdout` is a binary pipe. Behind
            bubblewrap it is bubblewrap's, and ends when the program does.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        limits: Limits,
        *,
        own: Callable[[list[int]], list[int]],
        kill: Callable[[], None],
        group: Group | None = None,
        clean_up: Callable[[], None] = lambda: None,
    ):
        """Watch over a program that was just started.

        Args:
            process: what was started, with pipes for its output.
            limits: what the watchdog holds where there is no group.
            own: of the process ids below `process` or in its group, those of the program.
            kill: ends every process and waits until they are gone.
            group: the program's control group, if it has one.
            clean_up: gives back what the jail held, after `kill`.
        """
        self.process = process
        self.limits = limits
        self._own = own
        self._kill = kill
        self._group = group
        self._clean_up = clean_up
        self._stopping = threading.Lock()
        self._stopped = False
        self._exceeded: str | None = None
        self._peak: int | None = None
        self._complaints = bytearray()
        self._reader = threading.Thread(target=self._read_complaints, daemon=True)
        self._reader.start()
        if group is None:
            threading.Thread(target=self._watch, daemon=True).start()

    def pids(self) -> list[int]:
        """The program's processes, numbered as this side sees them."""
        if self._stopped:
            return []
        if self._group:
            return self._own(self._group.members())
        if self.process.poll() is not None:  # its number may be another's by now
            return []
        return self._own(processes.descendants(self.process.pid))

    def tree(self) -> list[psutil.Process]:
        """The program's processes; the wall's own helpers are left out where they are known."""
        found = []
        for pid in self.pids():
            with contextlib.suppress(psutil.Error):
                found.append(psutil.Process(pid))
        return found

    def anonymous_bytes(self) -> int:
        """Memory of all its processes that no file backs (RssAnon + RssShmem)."""
        return sum(processes.anonymous_bytes(pid) for pid in self.pids())

    def peak_bytes(self) -> int | None:
        """The most memory that its control group ever held; None without a group."""
        if self._group and not self._stopped:
            return self._group.peak_bytes()
        return self._peak

    @property
    def exceeded(self) -> str | None:
        """The limit that it ran into, "memory" or "processes"; None when none is known."""
        if self._group and not self._stopped:
            return self._group.exceeded()
        return self._exceeded

    def complaints(self) -> bytes:
        """The end of what it wrote on standard error, complete once it was stopped."""
        return bytes(self._complaints)

    def finish(self, seconds: float = 60.0, cap_mb: int = 16) -> Finished:
        """Wait for the end, and stop what is left.

        Raises:
            WallError: it ran for more than `seconds`, or wrote more than `cap_mb` MiB.
        """
        late = threading.Event()

        def over_time() -> None:
            late.set()
            self.stop()

        timer = threading.Timer(seconds, over_time)
        timer.daemon = True
        timer.start()
        try:
            assert self.process.stdout is not None
            written = self.process.stdout.read(cap_mb * MIB + 1)
            if len(written) <= cap_mb * MIB:
                self.process.wait()
        finally:
            timer.cancel()
            self.stop()
        if late.is_set():
            raise WallError(f"the program was stopped: it ran for more than {seconds:g} s")
        if len(written) > cap_mb * MIB:
            raise WallError(f"the program was stopped: it wrote more than {cap_mb} MiB")
        return Finished(self.process.returncode, written, self.complaints())

    def stop(self) -> None:
        """End all its processes, wait until they are gone, and remove scratch and group.

        May be called from any thread, and again.
        """
        with self._stopping:
            if self._stopped:
                return
            try:
                self._kill()
                self.process.wait()
                if self._group:
                    self._peak = self._group.peak_bytes()
                    self._exceeded = self._group.exceeded()
            finally:
                if self._group:
                    self._group.remove()
                self._clean_up()
                self._stopped = True
        self._reader.join(timeout=1.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        # Not in stop(): another thread may be reading, and is to find the end, not a closed file.
        if self.process.stdout:
            self.process.stdout.close()

    def _read_complaints(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as stream:
            while chunk := os.read(stream.fileno(), 65536):
                self._complaints += chunk
                del self._complaints[:-KEPT_COMPLAINTS]

    def _watch(self) -> None:
        """Without a group: look at the sums, which no limit of a single process holds."""
        while not self._stopped and self.process.poll() is None:
            pids = self.pids()
            if sum(map(processes.anonymous_bytes, pids)) > self.limits.memory_mb * MIB:
                self._exceeded = "memory"
            elif sum(map(processes.threads, pids)) > self.limits.processes:
                self._exceeded = "processes"
            if self._exceeded:
                self.stop()
                return
            time.sleep(WATCH_SECONDS)
