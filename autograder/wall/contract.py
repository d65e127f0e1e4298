"""What every wall offers, whatever stands behind it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.wall.jailed import Jailed

MIB = 1024 * 1024


class WallError(Exception):
    """There is no wall, or a program cannot be put behind it; the message says what to do."""


@dataclass(frozen=True)
class Limits:
    """What one jailed program may use, all its processes together unless it says otherwise.

    Attributes:
        memory_mb: memory of all processes and, where control groups count it, scratch files.
        processes: processes and threads.
        scratch_mb: bytes in `/scratch` and `/tmp` together.
        file_mb: the size of one file.
        open_files: open files of one process.
        cpu_seconds: processor time of one process; None for as much as it takes.
    """

    memory_mb: int = 4096
    processes: int = 128
    scratch_mb: int = 512
    file_mb: int = 256
    open_files: int = 512
    cpu_seconds: int | None = None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value is not None and (not isinstance(value, int) or value < 1):
                raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}")


class Wall(ABC):
    """Runs programs that nobody has read.

    One caller works with every wall, because it asks where its files will be seen::

        readonly = {"/course": package, "/tables": tables}
        seen = wall.place(readonly)
        with wall.start(
            [sys.executable, "-m", "runner"],
            readonly=readonly,
            environment={"PYTHONPATH": seen["/course"]},
            limits=Limits(),
        ) as jailed:
            ...

    Attributes:
        name: what it is, for people: "bubblewrap, privileges dropped, system calls
            filtered".
        limited_by: what holds the limits: "control groups", "limits and a watchdog".
    """

    name: str
    limited_by: str

    @abstractmethod
    def place(self, readonly: Mapping[str, Path]) -> dict[str, str]:
        """Tell under which path the program will see each entry of `readonly`, by its key.

        Behind a wall that is the key itself; without one, the path outside.
        """

    @abstractmethod
    def start(
        self,
        argv: Sequence[str],
        *,
        readonly: Mapping[str, Path],
        environment: Mapping[str, str],
        limits: Limits,
        stdin: bytes | int | None = None,
    ) -> Jailed:
        """Start `argv` and return at once.

        The program finds itself in an empty scratch folder, which is also its HOME. It sees the
        running interpreter with its packages, and `readonly`; its environment holds
        `environment`, PATH, HOME, TMPDIR and no more.

        Args:
            argv: the program and its arguments.
            readonly: absolute path inside -> file or folder outside.
            environment: variables for the program. A JAVA_HOME is made visible too.
            limits: what it may use.
            stdin: what it reads on its standard input, or a descriptor to read from, which stays
                the caller's to close; None for nothing.

        Raises:
            ValueError: a path inside is relative, or taken by the jail itself.
            WallError: a path outside is missing or unreadable for the program, or the program
                could not be started.
        """
