"""reduce, after asking whether there are any numbers."""


def total_with_start(numbers, start):
    if numbers.isEmpty():
        return start
    return start + numbers.reduce(lambda a, b: a + b)
