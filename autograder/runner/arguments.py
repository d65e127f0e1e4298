"""Read the arguments of a call from the files and values that the request names."""

from __future__ import annotations

from typing import Any


def read_argument(spec: dict[str, Any]) -> Any:
    """A pandas object, a path or a plain value, as `spec["kind"]` says.

    Frames are read on one thread: this process forks for each call, and forking is safest
    while there is a single thread.
    """
    kind = spec["kind"]
    if kind == "plain":
        return spec["value"]
    if kind == "path":
        return spec["path"]
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


def fingerprint(argument: Any) -> Any:
    """Something that changes when a pandas argument is changed in place, else None."""
    import pandas as pd

    if isinstance(argument, pd.Series):
        argument = argument.to_frame()
    if not isinstance(argument, pd.DataFrame):
        return None
    hashed = pd.util.hash_pandas_object(argument, index=True)
    return (
        tuple(map(str, argument.columns)),
        tuple(map(str, argument.dtypes)),
        len(argument),
        int(hashed.to_numpy().sum(dtype="uint64")),
    )
