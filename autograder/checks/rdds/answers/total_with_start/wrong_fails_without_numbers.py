"""reduce has no zero, and raises an error for an RDD without numbers. fold(0, ...) and sum() give 0 there."""

FAILS = ["test_edges"]


def total_with_start(numbers, start):
    return start + numbers.reduce(lambda a, b: a + b)
