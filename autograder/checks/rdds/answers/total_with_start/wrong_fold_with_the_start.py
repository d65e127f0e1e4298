"""fold uses its zero in every partition, and once more where their results meet. With n partitions the start is counted
n + 1 times. Fold with 0, and add the start outside."""

FAILS = ["test_values", "test_edges"]


def total_with_start(numbers, start):
    return numbers.fold(start, lambda a, b: a + b)
