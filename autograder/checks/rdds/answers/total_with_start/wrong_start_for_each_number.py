"""The start is added to every number, so it counts as often as there are numbers."""

FAILS = ["test_values", "test_edges"]


def total_with_start(numbers, start):
    return numbers.map(lambda number: number + start).sum()
