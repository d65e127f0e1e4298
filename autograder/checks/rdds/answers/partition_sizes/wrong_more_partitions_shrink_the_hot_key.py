"""A hot key is shared out over the partitions here. All its rows go into one, however many partitions there are: more
partitions do not make it smaller."""

FAILS = ["test_sizes", "test_edges"]


def partition_sizes(keys, n):
    sizes = [0] * n
    hot = max(set(keys), key=keys.count) if keys else None
    for place, key in enumerate(keys):
        spread = key == hot and keys.count(key) > len(keys) / n
        sizes[place % n if spread else 0 if key is None else key % n] += 1
    return {"sizes": sizes, "slowdown": max(sizes) * n / len(keys) if keys else 1.0}
