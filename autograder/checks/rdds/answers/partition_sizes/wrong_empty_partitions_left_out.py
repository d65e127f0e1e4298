"""The even spread is worked out over the partitions that have rows. An empty partition could have done its part: count all
n."""

FAILS = ["test_slowdown", "test_edges"]


def partition_sizes(keys, n):
    sizes = [0] * n
    for key in keys:
        sizes[0 if key is None else key % n] += 1
    busy = sum(size > 0 for size in sizes)
    return {"sizes": sizes, "slowdown": max(sizes) * busy / len(keys) if keys else 1.0}
