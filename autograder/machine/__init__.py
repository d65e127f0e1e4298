"""The machine under the course: its Java, Spark's settings, and whether it is ready.

Run `python -m autograder.machine.spark` once to prepare it, `course doctor` to look at it.
"""

from __future__ import annotations


def machine_in_words() -> str:
    """The machine in a few words, without its name: "2 cores, 24 GiB, Linux x86_64"."""
    import os
    import platform

    import psutil

    memory = psutil.virtual_memory().total / 1024**3
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
