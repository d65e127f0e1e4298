"""An accumulator in an action, which counts each partition once."""


def total_with_start(numbers, start):
    total = numbers.context.accumulator(start)
    numbers.foreach(lambda number: total.add(number))
    return total.value
