"""The names by which MLlib tells its stages apart, during a call: numbers that come again.

A stage's uid ends in random digits, and some stages put it into the name of a column, which stands
in the code that Spark generates. So Spark would compile anew, for each call, what it has compiled
for the call before: a sixth of the time of a small fit.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterator
from typing import Any
from weakref import WeakValueDictionary

_alive: WeakValueDictionary[str, Any] = WeakValueDictionary()  # what was numbered, in any call


@contextlib.contextmanager
def numbered() -> Iterator[None]:
    """Meanwhile each new stage has the first number that no living stage of its class has.

    Where nobody has imported MLlib, there is nothing to do.
    """
    util = sys.modules.get("pyspark.ml.util")
    kind = getattr(util, "Identifiable", None)
    if kind is None:
        yield
        return
    named_at_random = kind.__init__

    def __init__(self: Any) -> None:
        named_at_random(self)
        name = type(self).__name__
        self.uid = next(
            uid for n in itertools.count(1) if (uid := f"{name}_{n:012x}") not in _alive
        )
        _alive[self.uid] = self

    kind.__init__ = __init__
    try:
        yield
    finally:
        kind.__init__ = named_at_random
