"""Every number is brought to the driver to be added up there. Let each partition add up its own, and send one
number."""

FAILS = ["test_numbers_stay"]
SIGN = r"collect\(|toLocalIterator\(|\btake\("


def total_with_start(numbers, start):
    total = start
    for number in numbers.collect():
        total += number
    return total
