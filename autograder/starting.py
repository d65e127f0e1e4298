"""Starting a runner: what it sees, its environment, and one that stands by for its request."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from autograder.cases import Prepared
from autograder.machine import prefect, spark
from autograder.runner import BESIDE, STANDS_BY
from autograder.runner.prefect_server import TEMPLATE
from autograder.runpackage import run_package
from autograder.wall import Jailed, Limits, Wall

MIB = 1024 * 1024
# A JVM has some 400 threads once all its pools are full, and Python and Prefect have theirs.
WIDER = Limits(processes=1024, scratch_mb=1024, open_files=4096)
ENVIRONMENT = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    # One thread and the plain allocator: a budget then counts what is used, not reserved. The
    # fixed thresholds make it give large blocks back: one that stayed free inside the process
    # could be used again without counting. Lower ones cost up to twice the time.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(8 * MIB),
    "MALLOC_TRIM_THRESHOLD_": str(16 * MIB),
}


def beside(prepared: Iterable[Prepared]) -> frozenset[str]:
    """What the calls need beside the notebook: "spark", "prefect"."""
    found = set()
    for one in prepared:
        found |= {"spark"} if one.spark else set()
        found |= {"prefect"} if one.prefect else set()
    return frozenset(found)


def start_runner(
    wall: Wall,
    needs: frozenset[str],
    stdin: bytes | int,
    *,
    inputs: Path | None = None,
    tables: Path | None = None,
    limits: Limits | None = None,
    stands_by: bool = False,
) -> Jailed:
    """Start a runner and return at once.

    Args:
        wall: where it runs.
        needs: what `beside` says.
        stdin: the request, or a descriptor on which it will come.
        inputs: the folder with the files that the request names, to be seen as /inputs.
        tables: a folder of prepared tables that `shop.load` reads in the run.
        limits: for the whole run; None for what the needs ask for.
        stands_by: the request will come later, so that there is time to get warm.
    """
    readonly = {"/course": run_package()}
    if inputs:
        readonly["/inputs"] = inputs
    if tables:
        readonly["/tables"] = tables
    if "spark" in needs:
        readonly |= spark.needs("grader")
    if "prefect" in needs:
        readonly[prefect.INSIDE] = prefect.database()
    seen = wall.place(readonly)
    environment = {
        **ENVIRONMENT,
        "PYTHONPATH": seen["/course"],
        BESIDE: " ".join(sorted(needs)),
    }
    if stands_by:
        environment[STANDS_BY] = "1"
    if tables:
        environment["SHOP_PREPARED"] = seen["/tables"]
    if "spark" in needs:
        environment |= spark.environment("grader", seen=seen)
    if "prefect" in needs:
        environment |= {**prefect.settings(".prefect"), TEMPLATE: seen[prefect.INSIDE]}
    return wall.start(
        [sys.executable, "-m", "autograder.runner"],
        readonly=readonly,
        environment=environment,
        limits=limits or (WIDER if needs else Limits()),
        stdin=stdin,
    )


class Standby:
    """A runner that has started and imported everything, and waits for its one request.

    For who checks again and again on their own machine. It has no /inputs, so it is for a wall
    whose programs see the files outside.
    """

    def __init__(self, wall: Wall, needs: frozenset[str]):
        self.needs = needs
        read, self._write = os.pipe()
        try:
            self._jailed: Jailed | None = start_runner(wall, needs, read, stands_by=True)
        except BaseException:
            os.close(self._write)
            raise
        finally:
            os.close(read)

    def give(self, request: bytes) -> Jailed:
        """Hand the request over; the runner is the caller's from now on."""
        assert self._jailed is not None, "it has had its request"
        jailed, self._jailed = self._jailed, None
        with os.fdopen(self._write, "wb") as pipe:
            try:
                pipe.write(request)
                pipe.flush()
            except BrokenPipeError:  # it has ended: whoever reads its evidence finds nothing
                pass
        return jailed

    @property
    def ready(self) -> bool:
        """Whether it still waits."""
        return self._jailed is not None and self._jailed.process.poll() is None

    def close(self) -> None:
        """End it, if it never had a request."""
        if self._jailed is not None:
            self._jailed.stop()
            self._jailed = None
            os.close(self._write)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
