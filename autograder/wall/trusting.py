"""No wall: the same calls for programs that one trusts, on any system."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from autograder.own_folder import own_folder, remove
from autograder.wall import processes
from autograder.wall.contract import MIB, Limits, Wall, WallError
from autograder.wall.jailed import Jailed

MARK = "BEYOND_PANDAS_RUN"
SCRATCH = "beyond-pandas-"
KEPT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "SSL_CERT_FILE",
    "JAVA_HOME",
    "DYLD_LIBRARY_PATH",
    "LD_LIBRARY_PATH",
)
# What a shell can limit everywhere; a limit that the system refuses is left as it is.
LIMIT = """
ulimit -c 0 2>/dev/null; ulimit -n "$1" 2>/dev/null; ulimit -f "$2" 2>/dev/null
ulimit -d "$3" 2>/dev/null; [ -z "$4" ] || ulimit -t "$4" 2>/dev/null
shift 4; exec "$@"
"""


class Trusting(Wall):
    """Runs programs with the caller's own rights.

    They see every file of the caller and the network. What is kept: a scratch folder and an
    environment of their own, limits of a single process where the system knows them, and the
    end of all processes by `stop()`.
    """

    name = "none (trusting)"
    limited_by = "limits and a watchdog"

    def place(self, readonly: Mapping[str, Path]) -> dict[str, str]:
        return {name: str(outside.absolute()) for name, outside in readonly.items()}

    def start(
        self,
        argv: Sequence[str],
        *,
        readonly: Mapping[str, Path],
        environment: Mapping[str, str],
        limits: Limits,
        stdin: bytes | int | None = None,
    ) -> Jailed:
        for outside in readonly.values():
            if not outside.exists():
                raise WallError(f"{outside} cannot be shown: no such file or folder")
        scratch = own_folder(SCRATCH)
        mark = secrets.token_hex(8)
        variables = {name: os.environ[name] for name in KEPT if name in os.environ}
        variables |= {"HOME": str(scratch), "TMPDIR": str(scratch), **environment, MARK: mark}
        numbers = [
            limits.open_files,
            limits.file_mb * MIB // 512,
            limits.memory_mb * 1024,
            limits.cpu_seconds or "",
        ]
        try:
            with tempfile.TemporaryFile() as given:
                given.write(stdin if isinstance(stdin, bytes) else b"")
                given.seek(0)
                process = subprocess.Popen(
                    ["/bin/sh", "-c", LIMIT, "sh", *map(str, numbers), *argv],
                    stdin=stdin if isinstance(stdin, int) else given,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    cwd=scratch,
                    env=variables,
                    start_new_session=True,
                )
        except OSError as error:
            remove(scratch)
            raise WallError(f"the program could not be started: {error}") from None
        return Jailed(
            process,
            limits,
            own=lambda below: [process.pid, *below],
            kill=lambda: _kill(process, mark),
            clean_up=lambda: remove(scratch),
        )


def _kill(process: subprocess.Popen[bytes], mark: str) -> None:
    """End the tree, and whoever left it but still carries the run's mark."""
    for _ in range(10):
        left = _marked(mark)
        if process.poll() is None:
            left |= {process.pid, *processes.descendants(process.pid)}
        living = [one for one in map(_living, left) if one]
        if not living:
            return
        for one in living:
            with contextlib.suppress(psutil.Error):
                one.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        psutil.wait_procs([one for one in living if one.pid != process.pid], timeout=1)


def _living(pid: int) -> psutil.Process | None:
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def _marked(mark: str) -> set[int]:
    """Processes of this user whose environment carries `mark`."""
    wanted = f"{MARK}={mark}".encode()
    found = set()
    if processes.LINUX:
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    if wanted in (folder / "environ").read_bytes():
                        found.add(int(folder.name))
        return found
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                found.add(process.pid)
    return found
