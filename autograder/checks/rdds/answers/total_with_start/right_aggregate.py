"""aggregate with zeros that change nothing."""

from operator import add


def total_with_start(numbers, start):
    return numbers.aggregate(0, add, add) + start
