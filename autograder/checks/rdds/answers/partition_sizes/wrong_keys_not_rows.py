"""Each different key is counted once. A key that stands in a hundred rows brings a hundred rows."""

FAILS = ["test_sizes", "test_edges"]


def partition_sizes(keys, n):
    sizes = [0] * n
    for key in set(keys):
        sizes[0 if key is None else key % n] += 1
    return {"sizes": sizes, "slowdown": max(sizes) * n / sum(sizes) if keys else 1.0}
