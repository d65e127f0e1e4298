"""A filter of system calls, as bubblewrap's --seccomp reads it.

It takes away what no exercise needs and what reaches far into the kernel: namespaces, mounts,
tracing, key rings, programs in the kernel, asynchronous rings. Refused calls fail with EPERM, as
they would for lack of privileges. `clone3` is said not to exist (ENOSYS): its flags lie in memory,
where a filter cannot look, and libraries then use `clone`.

Sources: linux/seccomp.h, linux/filter.h, linux/audit.h, the tables of system calls.
"""

from __future__ import annotations

import errno
import platform
import struct
from dataclasses import dataclass

ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16  # in struct seccomp_data
NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
X32 = 0x40000000  # numbers from here on are another set of calls

# The same on both: calls that came after the tables were joined.
_NEWER = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "mount_setattr": 442,
}  # fmt: skip


@dataclass(frozen=True)
class Machine:
    """How one kind of processor numbers its system calls."""

    audit: int
    clone: int
    clone3: int
    refused: dict[str, int]


MACHINES = {
    "x86_64": Machine(0xC000003E, 56, 435, {
        "ptrace": 101, "pivot_root": 155, "adjtimex": 159, "chroot": 161, "acct": 163,
        "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168,
        "reboot": 169, "init_module": 175, "delete_module": 176, "quotactl": 179,
        "clock_settime": 227, "kexec_load": 246, "add_key": 248, "request_key": 249,
        "keyctl": 250, "unshare": 272, "perf_event_open": 298, "name_to_handle_at": 303,
        "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
        "process_vm_writev": 311, "finit_module": 313, "kexec_file_load": 320, "bpf": 321,
        "userfaultfd": 323, **_NEWER,
    }),
    "aarch64": Machine(0xC00000B7, 220, 435, {
        "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "quotactl": 60, "acct": 89,
        "unshare": 97, "kexec_load": 104, "init_module": 105, "delete_module": 106,
        "clock_settime": 112, "ptrace": 117, "reboot": 142, "settimeofday": 170,
        "adjtimex": 171, "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224,
        "swapoff": 225, "perf_event_open": 241, "name_to_handle_at": 264,
        "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270,
        "process_vm_writev": 271, "finit_module": 273, "bpf": 280, "userfaultfd": 282,
        "kexec_file_load": 294, **_NEWER,
    }),
}  # fmt: skip


def program(machine: str = "") -> bytes | None:
    """The filter for a kind of processor, by default this one; None where its calls are unknown."""
    known = MACHINES.get(machine or platform.machine())
    if known is None:
        return None
    refuse, missing = ERRNO | errno.EPERM, ERRNO | errno.ENOSYS
    # (code, value, lines to skip when true, lines to skip when false)
    lines: list[tuple[int, int, int, int]] = [
        (LOAD, ARCHITECTURE_AT, 0, 0),
        (JUMP_EQUAL, known.audit, 1, 0),
        (RETURN, KILL, 0, 0),
        (LOAD, NUMBER_AT, 0, 0),
        (JUMP_AT_LEAST, X32, 0, 1),
        (RETURN, missing, 0, 0),
    ]
    for number in sorted(known.refused.values()):
        lines += [(JUMP_EQUAL, number, 0, 1), (RETURN, refuse, 0, 0)]
    lines += [
        (JUMP_EQUAL, known.clone3, 0, 1),
        (RETURN, missing, 0, 0),
        (JUMP_EQUAL, known.clone, 0, 3),
        (LOAD, FIRST_ARGUMENT_AT, 0, 0),
        (JUMP_ANY_BIT, NEW_NAMESPACES, 0, 1),
        (RETURN, refuse, 0, 0),
        (RETURN, ALLOW, 0, 0),
    ]
    return b"".join(struct.pack("<HBBI", code, yes, no, k) for code, k, yes, no in lines)
