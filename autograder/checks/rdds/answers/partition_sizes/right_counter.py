"""A Counter over the places."""

from collections import Counter


def partition_sizes(keys, n):
    places = Counter((key or 0) % n for key in keys)
    sizes = [places[place] for place in range(n)]
    even = len(keys) / n
    return {"sizes": sizes, "slowdown": max(sizes) / even if even else 1.0}
