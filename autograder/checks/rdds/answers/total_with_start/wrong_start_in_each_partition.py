"""The start is added in each partition, so it counts as often as there are partitions. Add it once, to the total."""

FAILS = ["test_values", "test_edges"]


def total_with_start(numbers, start):
    return numbers.mapPartitions(lambda part: [start + sum(part)]).sum()
