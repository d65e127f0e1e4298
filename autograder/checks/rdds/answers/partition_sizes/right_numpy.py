"""numpy counts."""

import numpy as np


def partition_sizes(keys, n):
    places = np.array([0 if key is None else key for key in keys], dtype="int64") % n
    sizes = np.bincount(places, minlength=n)
    slowdown = float(sizes.max() / sizes.mean()) if len(keys) else 1.0
    return {"sizes": sizes.tolist(), "slowdown": slowdown}
