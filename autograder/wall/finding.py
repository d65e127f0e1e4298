"""Find the wall that this machine has, by really running a program behind it."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from autograder.wall import cgroups as groups
from autograder.wall.contract import Limits, Wall, WallError
from autograder.wall.trusting import Trusting

Key = tuple[int, bool | None, tuple[Path, ...]]
_found: dict[Key, Wall] = {}
_finding = threading.Lock()

REMEDY = (
    "Work that you wrote or have read yourself can be graded without a wall: --trust-submissions."
)


def find_wall(
    *, trusting: bool = False, cgroups: bool | None = None, hidden: Sequence[Path] = ()
) -> Wall:
    """The wall to run untrusted programs behind.

    Args:
        trusting: the programs are trusted: run them without a wall.
        cgroups: True: limits must be held by control groups; False: they must not; None: they
            are where groups can be made.
        hidden: folders that no program may see, beside the course's own; it matters only for
            those that lie within the interpreter's or the system's folders.

    Raises:
        WallError: there is none, and `trusting` is False. The message says how to get one.
    """
    if trusting:
        return Trusting()
    key = (os.geteuid(), cgroups, tuple(hidden))
    with _finding:
        if key not in _found:
            _found[key] = _probe(cgroups, hidden)
        return _found[key]


def _probe(wanted: bool | None, hidden: Sequence[Path]) -> Wall:
    if sys.platform != "linux":
        raise WallError(
            "There is no wall for untrusted notebooks on this system: it needs Linux with "
            f"bubblewrap. {REMEDY}"
        )
    if not shutil.which("bwrap"):
        raise WallError(
            "There is no wall for untrusted notebooks: install bubblewrap "
            f"(Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap). {REMEDY}"
        )
    from autograder.wall.bubblewrap import Bubblewrap

    parents = None if wanted is False else groups.find_parents()
    if wanted and not parents:
        raise WallError("No control group can be made here, and limits by groups were asked for.")
    if parents:
        groups.sweep(parents)
    problem = ""
    # The best that this machine gives: some kernels filter no calls, and older ones and some
    # policies refuse to turn user namespaces off.
    for filtered, nested in ((True, False), (True, True), (False, False), (False, True)):
        wall = Bubblewrap(parents, hidden, nested=nested, filtered=filtered)
        problem = _problem(wall)
        if not problem:
            return wall
    raise WallError(f"bubblewrap cannot make a jail here: {problem}. {_cause()} {REMEDY}")


def _problem(wall: Wall) -> str:
    """Run `true` behind the wall; what went wrong, in a line, or ""."""
    try:
        with wall.start(["/usr/bin/true"], readonly={}, environment={}, limits=Limits()) as jailed:
            done = jailed.finish(20)
    except WallError as error:
        return str(error)
    if done.returncode == 0:
        return ""
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit status {done.returncode}"


def _cause() -> str:
    """What usually stands behind a jail that cannot be made, and its remedy."""
    apparmor = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    clone = Path("/proc/sys/kernel/unprivileged_userns_clone")
    most = Path("/proc/sys/user/max_user_namespaces")
    if os.geteuid() == 0:
        return "As root in a container this takes the right to mount (CAP_SYS_ADMIN)."
    if _reads(apparmor, "1"):
        return (
            "AppArmor denies user namespaces to programs without a profile: install the profile "
            "for bwrap (package apparmor-profiles), or grade as root."
        )
    if _reads(clone, "0") or _reads(most, "0"):
        name = clone.name if _reads(clone, "0") else most.name
        return f"User namespaces are switched off ({name} is 0): ask for them, or grade as root."
    return "User namespaces may be denied to this user: ask for them, or grade as root."


def _reads(path: Path, text: str) -> bool:
    try:
        return path.read_text().strip() == text
    except OSError:
        return False
