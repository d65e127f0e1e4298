"""Measures a frame of one row per column, then scales it."""

import numpy as np
import pandas as pd


def frame_bytes(schema, rows):
    total = 0
    for dtype in schema.values():
        if "category" in dtype:
            many = int("".join(ch for ch in dtype if ch.isdigit()))
            codes = pd.Categorical(np.arange(many)).codes.dtype.itemsize
            total += codes * rows + np.arange(many).nbytes
        else:
            one = pd.Series(np.zeros(1), dtype="float64").astype("int64").astype(dtype)
            total += one.memory_usage(index=False) * rows
    return total
