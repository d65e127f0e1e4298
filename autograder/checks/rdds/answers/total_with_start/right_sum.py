"""sum, which works on an RDD without numbers, too."""


def total_with_start(numbers, start):
    return int(numbers.sum()) + start
