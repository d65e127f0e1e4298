"""The names that Spark makes up, during a call: numbers that come again.

Such names stand in the code that Spark generates. So Spark would compile anew, for each call, what
it has compiled for the call before. A stage's uid ends in random digits, and some stages put it
into the name of a column: a sixth of the time of a small fit. The variables of lambda functions are
counted as long as Spark runs, and each fit has such a function, to look for what is no number: a
twelfth.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterator
from typing import Any
from weakref import WeakValueDictionary

from autograder.runner import spark

_alive: WeakValueDictionary[str, Any] = WeakValueDictionary()  # what was numbered, in any call


@contextlib.contextmanager
def numbered() -> Iterator[None]:
    """Meanwhile each new stage has the first number that no living stage of its class has.

    The variables of lambda functions begin with 1: a function is whole before another call begins,
    and no two variables of one function have the same number. Where nobody has imported MLlib, or
    started Spark, there is nothing to do.
    """
    spark.number_lambdas_anew()
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
