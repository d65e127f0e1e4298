"""The start becomes one more number of the RDD."""


def total_with_start(numbers, start):
    return numbers.union(numbers.context.parallelize([start], 1)).reduce(lambda a, b: a + b)
