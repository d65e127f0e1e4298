"""Spark's own daemon of Python workers, changed in two things that a small job notices.

A worker collects garbage after every task. It goes through all that its imports made each time,
which takes longer than a small task itself: what is there before the workers are forked is left
out. And a worker whose session ends says nothing of it: over a socket of a file it would write
that its pipe is broken, in the middle of whatever comes next.
"""

from __future__ import annotations

import builtins
import gc
import sys
import traceback
from types import SimpleNamespace
from typing import Any

from pyspark import daemon


def _say(*what: Any, **where: Any) -> None:
    if not isinstance(sys.exc_info()[1], BrokenPipeError):
        builtins.print(*what, **where)


def _print_exc() -> None:
    if not isinstance(sys.exc_info()[1], BrokenPipeError):
        traceback.print_exc()


if __name__ == "__main__":
    daemon.print = _say  # type: ignore[attr-defined]
    daemon.traceback = SimpleNamespace(  # type: ignore[attr-defined, assignment]
        print_exc=_print_exc, format_exc=traceback.format_exc
    )
    gc.freeze()
    daemon.manager()
