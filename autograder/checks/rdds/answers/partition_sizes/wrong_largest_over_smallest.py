"""The largest partition is compared with the smallest. What counts is how long it takes against an even spread: the
number of rows divided by the number of partitions."""

FAILS = ["test_slowdown", "test_edges"]


def partition_sizes(keys, n):
    sizes = [0] * n
    for key in keys:
        sizes[0 if key is None else key % n] += 1
    return {"sizes": sizes, "slowdown": max(sizes) / max(1, min(sizes)) if keys else 1.0}
