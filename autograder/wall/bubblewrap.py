"""The wall on Linux: bubblewrap, in two ways.

A user gets a user namespace of their own. Root does not: within one it would stay root where it
counts (root's files, no limit on processes). There the kernel's other namespaces are made with
root's rights, and the program runs as a user id that nobody else has.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import platform
import random
import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import psutil

from autograder.wall import cgroups, seccomp, view
from autograder.wall.contract import MIB, Limits, Wall, WallError
from autograder.wall.jailed import Jailed

PATH = "/usr/local/bin:/usr/bin:/bin"
DROP = [
    "--clear-groups",
    "--no-new-privs",
    "--bounding-set",
    "-all",
    "--inh-caps",
    "-all",
    "--ambient-caps",
    "-all",
]
NAMESPACES = [
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
]
# Ranges of user ids that no account has: the first lies above what systems give out, the second
# is for containers that know 65536 ids only.
RANGES = ((200_000, 1_000), (60_600, 1_000))


class Bubblewrap(Wall):
    """Jails by bubblewrap.

    Args:
        cgroups_in: where control groups can be made; None to do without.
        hidden: folders that no jail may show, beside the course's own.
        nested: whether the jailed may make user namespaces; turned off where bubblewrap can.
        filtered: whether system calls are filtered, where this processor's are known.
    """

    def __init__(
        self,
        cgroups_in: cgroups.Parents | None,
        hidden: Sequence[Path] = (),
        nested: bool = False,
        filtered: bool = True,
    ):
        self.dropping = os.geteuid() == 0
        way = "privileges dropped" if self.dropping else "user namespace"
        self._filter = seccomp.program() if filtered else None
        calls = "system calls filtered" if self._filter else "system calls not filtered"
        self.name = f"bubblewrap, {way}, {calls}"
        self.limited_by = "control groups" if cgroups_in else "limits and a watchdog"
        self._parents = cgroups_in
        self._folders = view.interpreter_folders()
        self._hidden = view.paths([*view.own_folders(), *hidden])
        self._nested = nested
        self._bwrap = _tool("bwrap")
        self._prlimit = _tool("prlimit")
        self._setpriv = _tool("setpriv") if self.dropping else ""

    def place(self, readonly: Mapping[str, Path]) -> dict[str, str]:
        return {name: name for name in readonly}

    def start(
        self,
        argv: Sequence[str],
        *,
        readonly: Mapping[str, Path],
        environment: Mapping[str, str],
        limits: Limits,
        stdin: bytes | int | None = None,
    ) -> Jailed:
        shown = view.checked(readonly, readable_by_all=self.dropping)
        java = view.java_folders(environment["JAVA_HOME"]) if "JAVA_HOME" in environment else ()
        seen = view.View((*self._folders, *java), self._hidden, shown)
        with contextlib.ExitStack() as undo, contextlib.ExitStack() as inherited:
            uid, gid = os.getuid(), os.getgid()
            if self.dropping:
                slot = undo.enter_context(_OwnUser())
                uid = gid = slot.uid
            files = {
                path: inherited.enter_context(_Text(text.encode())).fileno()
                for path, text in view.texts(uid, gid).items()
            }
            options = [*self._isolation(uid, gid), *seen.options(limits.scratch_mb, files)]
            options += ["--clearenv", "--chdir", view.SCRATCH]
            for name, value in {**_environment(), **environment}.items():
                options += ["--setenv", name, value]
            told_here, telling = os.pipe()
            inherited.callback(os.close, telling)
            undo.callback(os.close, told_here)
            options += ["--info-fd", str(telling)]
            passed: list[int] = []
            if self._filter:
                passed = [inherited.enter_context(_Text(self._filter)).fileno()]
                options += ["--seccomp", str(passed[0])]
            # Through a descriptor: anyone on the machine can read a command line.
            text = "\0".join(options).encode() + b"\0"
            args = inherited.enter_context(_Text(text)).fileno()
            command = [self._bwrap, "--args", str(args), "--", *self._inner(argv, uid, gid, limits)]
            group = None
            if self._parents:
                try:
                    group = cgroups.make(self._parents, limits)
                except OSError as error:
                    raise WallError(f"no control group could be made: {error}") from None
                undo.callback(group.remove)
                command = _joining(group, command)
            given = stdin
            if not isinstance(given, int):
                given = inherited.enter_context(_Text(given or b"")).fileno()
            process = _launch(command, [*files.values(), *passed, args, telling], given)
            user = undo.pop_all()
        tree = _Tree(process, _first_process(told_here))
        return Jailed(
            process,
            limits,
            own=tree.without_helpers,
            kill=tree.kill,
            group=group,
            clean_up=user.close,
        )

    def _isolation(self, uid: int, gid: int) -> list[str]:
        common = [*NAMESPACES, "--die-with-parent", "--new-session", "--hostname", view.HOST_NAME]
        if self.dropping:
            needed = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")  # for setpriv, which drops them
            added = [word for name in needed for word in ("--cap-add", name)]
            return [*common, "--cap-drop", "ALL", *added]
        own = ["--unshare-user", "--uid", str(uid), "--gid", str(gid), "--cap-drop", "ALL"]
        return [*common, *own, *([] if self._nested else ["--disable-userns"])]

    def _inner(self, argv: Sequence[str], uid: int, gid: int, limits: Limits) -> list[str]:
        wanted = {
            "nofile": (resource.RLIMIT_NOFILE, limits.open_files),
            "fsize": (resource.RLIMIT_FSIZE, limits.file_mb * MIB),
            # Not the address space: a Java machine reserves far more than it uses.
            "data": (resource.RLIMIT_DATA, limits.memory_mb * MIB),
            "core": (resource.RLIMIT_CORE, 0),
        }
        if limits.cpu_seconds:
            wanted["cpu"] = (resource.RLIMIT_CPU, limits.cpu_seconds)
        if self.dropping or _counts_processes_by_namespace():
            wanted["nproc"] = (resource.RLIMIT_NPROC, limits.processes)
        bounds = [f"--{name}={_at_most(kind, value)}" for name, (kind, value) in wanted.items()]
        inner = [self._prlimit, *bounds, "--", *argv]
        if self.dropping:
            inner = [self._setpriv, "--reuid", str(uid), "--regid", str(gid), *DROP, *inner]
        return inner


def _tool(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise WallError(f"there is no {name} on this machine")
    return os.path.realpath(found)  # the link may lie where the jail does not look


def _environment() -> dict[str, str]:
    return {"PATH": PATH, "HOME": view.SCRATCH, "TMPDIR": "/tmp", "USER": view.USER}


def _at_most(kind: int, value: int) -> int:
    """`value`, or the limit that is in force already: nobody but root may raise one."""
    hard = resource.getrlimit(kind)[1]
    return value if hard == resource.RLIM_INFINITY else min(value, hard)


def _counts_processes_by_namespace() -> bool:
    """Since Linux 5.14; before, RLIMIT_NPROC counts all that the user runs on the machine."""
    numbers = platform.release().split(".")
    with contextlib.suppress(ValueError, IndexError):
        return (int(numbers[0]), int(numbers[1].split("-")[0])) >= (5, 14)
    return False


def _joining(group: cgroups.Group, command: list[str]) -> list[str]:
    """`command`, which first puts itself into the group."""
    script = 'n=$1; shift; while [ $n -gt 0 ]; do echo $$ > "$1" || exit 70; shift; n=$((n-1)); '
    files = [str(folder / "cgroup.procs") for folder in group.folders]
    return ["/bin/sh", "-c", script + 'done; exec "$@"', "sh", str(len(files)), *files, *command]


class _Text:
    """Bytes in memory behind a descriptor; sealed, so that no reader can change or grow them."""

    def __init__(self, content: bytes):
        self._fd = os.memfd_create("text", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
        with open(os.dup(self._fd), "wb") as file:
            file.write(content)
        os.lseek(self._fd, 0, os.SEEK_SET)
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
        fcntl.fcntl(self._fd, fcntl.F_ADD_SEALS, seals)

    def fileno(self) -> int:
        return self._fd

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)


class _OwnUser:
    """A user id that no other jail has, held by an abstract socket's name.

    The kernel frees the name when this process ends, however it ends.
    """

    def __init__(self) -> None:
        first, count = next((one for one in RANGES if _is_mapped(*one)), (0, 0))
        start = random.randrange(count) if count else 0
        self._socket = socket.socket(socket.AF_UNIX)
        for number in range(count):
            self.uid = first + (start + number) % count
            with contextlib.suppress(OSError):
                self._socket.bind(f"\0beyond-pandas-user-{self.uid}")
                return
        self._socket.close()
        raise WallError("there is no free user id for a jail (root of a small user namespace?)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def _is_mapped(first: int, count: int) -> bool:
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        start, _, length = map(int, line.split())
        if start <= first and first + count <= start + length:
            return True
    return False


class _Launcher:
    """Starts processes from one lasting thread.

    --die-with-parent goes by the thread: a jail started by a short-lived one would die with it.
    """

    def __init__(self) -> None:
        self._new()
        os.register_at_fork(after_in_child=self._new)

    def _new(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="jails")

    def __call__(
        self, command: list[str], passed: list[int], stdin: int
    ) -> subprocess.Popen[bytes]:
        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=passed,
                start_new_session=True,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C"},
            )

        try:
            return self._pool.submit(start).result()
        except OSError as error:
            raise WallError(f"the jail could not be started: {error}") from None


_launch = _Launcher()


class _Tree:
    """Bubblewrap's two processes: the one that was started, and the first of the jail.

    The first of the jail reaps its orphans. When it ends the kernel ends all that is left inside,
    and it counts as ended only when they have. The outer one may end before it.
    """

    def __init__(self, outer: subprocess.Popen[bytes], first: psutil.Process | None):
        self._outer = outer
        self._first = first
        self._helpers = {outer.pid, first.pid if first else None}

    def without_helpers(self, pids: list[int]) -> list[int]:
        return [pid for pid in pids if pid not in self._helpers]

    def kill(self) -> None:
        """End the jail and wait until nothing of it is left."""
        with contextlib.suppress(psutil.Error):
            if self._first:
                self._first.kill()
        if self._first:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._outer.wait(timeout=5)  # it reaps the first, and ends
        self._outer.kill()
        self._outer.wait()
        while self._first and _lives(self._first):
            time.sleep(0.002)


def _first_process(descriptor: int) -> psutil.Process | None:
    """The jail's first process as bubblewrap tells it; None when it failed before making one."""
    told = b""
    while b"}" not in told and (chunk := os.read(descriptor, 4096)):
        told += chunk
    with contextlib.suppress(ValueError, KeyError, psutil.Error):
        return psutil.Process(json.loads(told)["child-pid"])
    return None


def _lives(process: psutil.Process) -> bool:
    """Whether it runs still; one that waits for its parent to notice the end does not."""
    with contextlib.suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False
