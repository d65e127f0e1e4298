"""Subtraction depends on the grouping: (a - b) - c is not a - (b - c). Partitions group as they like, so the result
changes with their number. Combine with addition."""

FAILS = ["test_values", "test_edges"]


def total_with_start(numbers, start):
    return start - numbers.reduce(lambda a, b: a - b)
