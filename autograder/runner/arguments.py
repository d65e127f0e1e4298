"""Read the arguments of a call from the files and values that the request names."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any


def read_argument(spec: dict[str, Any]) -> Any:
    """The argument that `spec["kind"]` says: pandas, Spark, a path, a plain value, or made.

    Frames are read on one thread: this process forks for each call, and forking is safest
    while there is a single thread.
    """
    kind = spec["kind"]
    if kind == "plain":
        return spec["value"]
    if kind == "path":
        return spec["path"]
    if kind == "made":
        make = probe(spec["by"])
        return make(*(read_argument(one) for one in spec["arguments"]))
    if kind == "spark_frame":
        from autograder.runner.spark import frame_of

        return frame_of(spec["path"], spec.get("columns"))
    if kind == "rdd":
        from autograder.runner.spark import rdd_of

        return rdd_of(spec["path"], spec.get("columns"), spec["partitions"], spec["values"])
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(
        spec["path"], columns=spec.get("columns"), use_threads=False, memory_map=False
    )
    frame = table.to_pandas(use_threads=False)
    if kind == "frame":
        return frame
    if kind == "series":
        series = frame.iloc[:, 0]
        return series.rename(None) if spec.get("unnamed") else series
    raise ValueError(f"an argument of unknown kind {kind!r}")


def probe(name: str) -> Callable[..., Any]:
    """The function `<chapter>.<name>` of a chapter's probes: see `autograder/checking.py`."""
    chapter, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(
        importlib.import_module(f"autograder.checks.{chapter}.probes"), function
    )
    return found


def must_be_fresh(spec: dict[str, Any]) -> bool:
    """Whether each call needs its own: what was made remembers, a session may have ended."""
    return spec["kind"] in {"made", "spark_frame", "rdd"}


def fingerprint(argument: Any) -> Any:
    """Something that changes when a pandas argument is changed in place, else None."""
    import pandas as pd

    if isinstance(argument, pd.Series):
        argument = argument.to_frame()
    if not isinstance(argument, pd.DataFrame):
        return None
    return (
        tuple(map(str, argument.columns)),
        tuple(map(str, argument.dtypes)),
        len(argument),
        _hash_of(argument.index.to_series()),
        *(_hash_of(column) for _, column in argument.items()),
    )


def _hash_of(column: Any) -> int:
    """A number that stands for the values of a Series in their order."""
    import numpy as np
    import pandas as pd

    if isinstance(column.dtype, np.dtype) and column.dtype != object:
        return hash(column.to_numpy().tobytes())
    try:
        if column.dtype == object:
            return hash(tuple(column.to_numpy()))
        return hash(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
    except TypeError:  # lists, say, which an answer has put there: they have no hash
        return hash(tuple(map(repr, column)))
