"""The rows are spread evenly here. parallelize does that; a shuffle by key puts all rows of one key into one
partition."""

FAILS = ["test_sizes", "test_edges"]


def partition_sizes(keys, n):
    sizes = [len(keys) * (i + 1) // n - len(keys) * i // n for i in range(n)]
    return {"sizes": sizes, "slowdown": max(sizes) * n / len(keys) if keys else 1.0}
