"""Who runs beside whom, and how long a call may take on a busy machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace

from autograder.cases import Prepared
from autograder.machine import cores


class Turns:
    """Several do something at once, or one does it alone. Who wants to be alone goes first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = 0
        self._alone = 0  # how many are alone, or wait to be

    @contextmanager
    def beside_others(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._busy += 1
        try:
            yield
        finally:
            self._done()

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._changed:
            self._alone += 1
            self._changed.wait_for(lambda: not self._busy)
            self._busy += 1
        try:
            yield
        finally:
            with self._changed:
                self._alone -= 1
            self._done()

    def _done(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()


RUNS = Turns()  # of notebooks in this process
MOST_PATIENCE = 10.0  # times the seconds of a call


def with_patience(prepared: Prepared) -> Prepared:
    """The same calls, each with as much more time as there are programs for each core."""
    times = min(MOST_PATIENCE, max(1.0, os.getloadavg()[0] / cores()))
    calls = [copy(call) for call in prepared.calls]
    for call in calls:
        call.seconds *= times
    return replace(prepared, calls=tuple(calls))
