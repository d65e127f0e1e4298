"""One number for each partition, and few of them reach the driver."""


def total_with_start(numbers, start):
    return sum(numbers.mapPartitions(lambda part: [sum(part)]).collect(), start)
