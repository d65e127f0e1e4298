"""This builds columns to weigh them, so the prediction needs the very memory that it is meant to save.
Compute the size from the dtype's width and the number of rows."""

import numpy as np

FAILS = ["test_without_building_it"]
SIGN = r"(zeros|ones|empty|full|DataFrame|Series)\("


def frame_bytes(schema, rows):
    total = 0
    for dtype in schema.values():
        if dtype.startswith("category"):
            many = int(dtype[len("category[") : -1])
            codes = "int8" if many <= 126 else "int16" if many <= 32_766 else "int32"
            total += np.zeros(rows, dtype=codes).nbytes + np.zeros(many, dtype="int64").nbytes
        else:
            total += np.ones(rows, dtype=dtype).nbytes
    return total
