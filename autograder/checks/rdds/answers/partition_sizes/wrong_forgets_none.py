"""Rows without a key are left out. A key that is None goes into partition 0, with all the others that are
missing."""

FAILS = ["test_edges"]


def partition_sizes(keys, n):
    sizes = [0] * n
    for key in keys:
        if key is not None:
            sizes[key % n] += 1
    total = sum(sizes)
    return {"sizes": sizes, "slowdown": max(sizes) * n / total if total else 1.0}
