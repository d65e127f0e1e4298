"""A list of places, each counted."""


def partition_sizes(keys, n):
    places = [0 if key is None else key % n for key in keys]
    sizes = [places.count(place) for place in range(n)]
    if not keys:
        return {"sizes": sizes, "slowdown": 1.0}
    return {"sizes": sizes, "slowdown": max(sizes) / (sum(sizes) / n)}
