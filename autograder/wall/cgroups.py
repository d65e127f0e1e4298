"""A control group per jail: the kernel counts memory and processes, and nothing escapes it.

Version 2 where a group that may hold children is writable (root, or a delegated group of the
user's own service manager), version 1 where its memory and pids hierarchies are.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder.wall.contract import MIB, Limits

PREFIX = "beyond-pandas-"
HELPERS = 4  # what bubblewrap itself runs counts as well
_numbers = itertools.count()


@dataclass(frozen=True)
class Parents:
    """The folders under which groups can be made."""

    version: int
    memory: Path
    pids: Path  # the same as `memory` in version 2

    @property
    def folders(self) -> list[Path]:
        return sorted({self.memory, self.pids})


@dataclass(frozen=True)
class Group:
    """The group of one jail."""

    version: int
    memory: Path
    pids: Path

    @property
    def folders(self) -> list[Path]:
        return sorted({self.memory, self.pids})

    def members(self) -> list[int]:
        """The process ids in it, as this side sees them. Empty when the group is gone."""
        return _pids_in(self.pids)

    def peak_bytes(self) -> int | None:
        """The most memory that it ever held, or None where the kernel does not keep it."""
        name = "memory.peak" if self.version == 2 else "memory.max_usage_in_bytes"
        return _number(self.memory / name)

    def exceeded(self) -> str | None:
        """Which limit it ran into: "memory", "processes" or None."""
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        if _field(self.memory / name, "oom_kill"):
            return "memory"
        return "processes" if _field(self.pids / "pids.events", "max") else None

    def remove(self, seconds: float = 5.0) -> None:
        """Kill what is left in it and remove it."""
        until = time.monotonic() + seconds
        for folder in self.folders:
            while folder.exists():
                for pid in _pids_in(folder):
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(pid, signal.SIGKILL)
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                if time.monotonic() > until:
                    break
                time.sleep(0.005)


def make(parents: Parents, limits: Limits) -> Group:
    """Make a group with `limits`. Raises OSError when it cannot be made."""
    name = f"{PREFIX}{os.getpid()}-{next(_numbers)}-{secrets.token_hex(3)}"
    group = Group(parents.version, parents.memory / name, parents.pids / name)
    try:
        for folder in group.folders:
            folder.mkdir()
        # A little above the limit of each process: one that takes too much by itself then gets a
        # MemoryError, and is not killed because the group also counts page tables and the like.
        memory = str((limits.memory_mb + limits.memory_mb // 16 + 16) * MIB)
        if group.version == 2:
            (group.memory / "memory.max").write_text(memory)
            _write_if_there(group.memory / "memory.swap.max", "0")
        else:
            (group.memory / "memory.limit_in_bytes").write_text(memory)
            _write_if_there(group.memory / "memory.memsw.limit_in_bytes", memory)
        (group.pids / "pids.max").write_text(str(limits.processes + HELPERS))
    except OSError:
        group.remove()
        raise
    return group


def find_parents(
    membership: Path = Path("/proc/self/cgroup"), mounts: Path = Path("/proc/self/mounts")
) -> Parents | None:
    """Where groups can be made, tried by making one; None where they cannot."""
    try:
        groups = _membership(membership.read_text())
        places = _mounts(mounts.read_text())
    except OSError:
        return None
    candidates = []
    if "" in groups and "" in places:
        for folder in _upwards(places[""], groups[""]):
            controllers = _words(folder / "cgroup.subtree_control")
            if {"memory", "pids"} <= controllers:
                candidates.append(Parents(2, folder, folder))
    if {"memory", "pids"} <= groups.keys() & places.keys():
        memory = _upwards(places["memory"], groups["memory"])
        pids = _upwards(places["pids"], groups["pids"])
        if memory and pids:
            candidates.append(Parents(1, memory[0], pids[0]))
    for parents in candidates:
        if _works(parents):
            return parents
    return None


def sweep(parents: Parents) -> None:
    """Remove the empty groups of graders that were killed."""
    for folder in parents.folders:
        for left in folder.glob(f"{PREFIX}*"):
            owner = left.name.removeprefix(PREFIX).split("-")[0]
            if owner.isdigit() and not psutil.pid_exists(int(owner)):
                with contextlib.suppress(OSError):  # not empty: it is somebody's after all
                    left.rmdir()


def _works(parents: Parents) -> bool:
    """Can a process be put into a group made there?"""
    try:
        group = make(parents, Limits())
    except OSError:
        return False
    try:
        with subprocess.Popen(["/bin/sh", "-c", "read wait"], stdin=subprocess.PIPE) as probe:
            for folder in group.folders:
                (folder / "cgroup.procs").write_text(str(probe.pid))
            found = probe.pid in group.members()
            probe.kill()
        return found
    except OSError:
        return False
    finally:
        group.remove()


def _upwards(mount: Path, group: str) -> list[Path]:
    """The folders from the process's own group up to the mount, those that exist."""
    own = mount / group.lstrip("/")
    if not own.is_dir():  # a container that shows only its part of the tree
        own = mount
    return [own, *(folder for folder in own.parents if folder.is_relative_to(mount))]


def _membership(text: str) -> dict[str, str]:
    """Controller -> own group; "" stands for version 2."""
    groups = {}
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            groups[controller] = path
    return groups


def _mounts(text: str) -> dict[str, Path]:
    """Controller -> where its hierarchy is mounted; "" stands for version 2."""
    places: dict[str, Path] = {}
    for line in text.splitlines():
        _, where, kind, options, *_ = line.split(" ")
        path = Path(where.replace("\\040", " "))
        if kind == "cgroup2":
            places.setdefault("", path)
        elif kind == "cgroup":
            for option in options.split(","):
                places.setdefault(option, path)
    return places


def _pids_in(folder: Path) -> list[int]:
    try:
        return [int(pid) for pid in (folder / "cgroup.procs").read_text().split()]
    except OSError:
        return []


def _words(path: Path) -> set[str]:
    try:
        return set(path.read_text().split())
    except OSError:
        return set()


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _field(path: Path, name: str) -> int:
    try:
        for line in path.read_text().splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
    except (OSError, ValueError):
        pass
    return 0


def _write_if_there(path: Path, text: str) -> None:
    if path.exists():
        path.write_text(text)
