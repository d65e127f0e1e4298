"""What a jailed program sees of the file system: a short list, and nothing besides."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.wall.contract import WallError

SCRATCH = "/scratch"
TMP = f"{SCRATCH}/.tmp"  # /tmp leads here, so that one size limit holds both
HOST_NAME = "course"
USER = "student"
SHARED_MEMORY_MB = 64  # /dev/shm: room for semaphores
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# The dynamic loader's index, Debian's symbolic names for commands, fonts, and Java's settings.
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts")
TAKEN = {
    "bin",
    "dev",
    "etc",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "proc",
    "sbin",
    "scratch",
    "sys",
    "tmp",
    "usr",
}
PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class View:
    """A jail's file system.

    Attributes:
        folders: seen under their own paths, read-only.
        hidden: folders that are empty in the jail, even where `folders` would show them.
        readonly: absolute path inside -> file or folder outside.
    """

    folders: tuple[Path, ...]
    hidden: tuple[Path, ...]
    readonly: Mapping[str, Path]

    def options(self, scratch_mb: int, files: Mapping[str, int]) -> list[str]:
        """Bubblewrap's options for this view.

        Args:
            scratch_mb: what `/scratch` and `/tmp` hold together.
            files: path inside -> descriptor of a file with the text to show there.
        """
        options: list[str] = []
        made: set[PurePosixPath] = {PurePosixPath("/")}

        def parents_of(path: PurePosixPath) -> None:
            # Made by hand: bubblewrap would make them readable for their owner only, and a
            # program without privileges could not reach an interpreter under somebody's home.
            for parent in reversed(path.parents):
                if parent not in made and not any(parent.is_relative_to(one) for one in bound):
                    options.extend(["--perms", "0755", "--dir", str(parent)])
                    made.add(parent)

        bound: list[PurePosixPath] = []
        for name in SYSTEM:
            path = Path(name)
            if path.is_symlink():
                options += ["--symlink", os.readlink(path), name]
            elif path.is_dir():
                options += ["--ro-bind", name, name]
                bound.append(PurePosixPath(name))
        options += ["--perms", "0755", "--dir", "/etc"]
        made.add(PurePosixPath("/etc"))
        for name in (*SETTINGS, *map(str, Path("/etc").glob("java-*"))):
            options += ["--ro-bind-try", name, name]
        for name, descriptor in files.items():
            options += ["--perms", "0644", "--ro-bind-data", str(descriptor), name]
        options += ["--proc", "/proc", "--dev", "/dev"]
        options += ["--perms", "1777", "--size", str(SHARED_MEMORY_MB * 2**20)]
        options += ["--tmpfs", "/dev/shm"]
        options += ["--perms", "1777", "--size", str(scratch_mb * 2**20), "--tmpfs", SCRATCH]
        options += ["--perms", "1777", "--dir", TMP, "--symlink", TMP.lstrip("/"), "/tmp"]

        # Outer folders first: what is hidden hides what lies below it, until a folder deeper
        # down is shown again (a virtual environment within the course's own clone).
        shown = {PurePosixPath(folder) for folder in self.folders}
        hidden = {PurePosixPath(folder) for folder in self.hidden}
        known = set(bound)
        for inside in sorted(shown | hidden, key=lambda path: (len(path.parts), path)):
            around = next((parent for parent in inside.parents if parent in known), None)
            visible = around is not None and around not in hidden
            known.add(inside)
            if inside in hidden:
                if visible and Path(inside).is_dir():
                    options += ["--perms", "0755", "--tmpfs", str(inside)]
                    options += _room_for(shown, inside)
                    options += ["--remount-ro", str(inside)]
            elif not visible:
                parents_of(inside)
                options += ["--ro-bind", str(inside), str(inside)]
                bound.append(inside)
        for name, outside in self.readonly.items():
            parents_of(PurePosixPath(name))
            options += ["--ro-bind", str(outside), name]
        # Else the jail's owner could fill these, which are memory, without any limit.
        return [*options, "--remount-ro", "/dev", "--remount-ro", "/"]


def interpreter_folders() -> tuple[Path, ...]:
    """Where the running interpreter and its packages lie, without what the system has anyway."""
    program = Path(sys.executable)
    found = {
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(sys.exec_prefix),
        Path(sys.prefix).resolve(),
        Path(sys.base_prefix).resolve(),
        program.absolute().parents[1],
        program.resolve().parents[1],
    }
    return tuple(sorted(folder for folder in found if not _in_system(folder)))


def java_folders(home: str) -> tuple[Path, ...]:
    """Where a Java runtime lies, without what the system has anyway."""
    found = {Path(home), Path(home).resolve()}
    return tuple(sorted(one for one in found if one.is_dir() and not _in_system(one)))


def own_folders() -> tuple[Path, ...]:
    """Where the course itself lies: this package, and the clone that holds it."""
    clone = PACKAGE.parent
    return (PACKAGE, clone) if (clone / "pyproject.toml").exists() else (PACKAGE,)


def checked(readonly: Mapping[str, Path], readable_by_all: bool) -> dict[str, Path]:
    """Look at what a caller wants to show. See `Wall.start` for what is raised."""
    result = {}
    for name, outside in readonly.items():
        inside = PurePosixPath(name)
        if not inside.is_absolute() or ".." in inside.parts or len(inside.parts) < 2:
            raise ValueError(f"not an absolute path inside: {name!r}")
        if inside.parts[1] in TAKEN:
            raise ValueError(f"{name!r} belongs to the jail itself")
        try:
            mode = outside.stat().st_mode
        except OSError as error:
            raise WallError(f"{outside} cannot be shown: {error.strerror}") from None
        # A folder that may be entered and not listed is one whose names are not for everybody.
        wanted = stat.S_IXOTH if stat.S_ISDIR(mode) else stat.S_IROTH
        if readable_by_all and mode & wanted != wanted:
            raise WallError(
                f"{outside} cannot be shown: the program runs without privileges, and the file's "
                f"mode {stat.S_IMODE(mode):04o} lets only its owner read it; chmod a+rX it"
            )
        result[str(inside)] = outside.resolve()
    return result


def texts(uid: int, gid: int) -> dict[str, str]:
    """The few files of /etc that programs ask for: who am I, and what is this machine called."""
    return {
        "/etc/passwd": f"{USER}:x:{uid}:{gid}::{SCRATCH}:/bin/sh\n",
        "/etc/group": f"{USER}:x:{gid}:\n",
        "/etc/hosts": f"127.0.0.1 localhost {HOST_NAME}\n::1 localhost\n",
        "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }


def _room_for(shown: Iterable[PurePosixPath], hidden: PurePosixPath) -> list[str]:
    """Options that make, in a hidden folder, the folders on which others will be shown."""
    options: list[str] = []
    for folder in sorted(shown):
        if folder != hidden and folder.is_relative_to(hidden):
            for part in reversed([folder, *folder.parents]):
                if part != hidden and part.is_relative_to(hidden):
                    options += ["--perms", "0755", "--dir", str(part)]
    return options


def _in_system(folder: Path) -> bool:
    return any(folder.is_relative_to(name) for name in SYSTEM if not Path(name).is_symlink())


def paths(folders: Iterable[Path]) -> tuple[Path, ...]:
    """`folders` as absolute paths, each as it is named and as it is after links."""
    found: set[Path] = set()
    for folder in folders:
        found |= {folder.absolute(), folder.resolve()}
    return tuple(sorted(found))
