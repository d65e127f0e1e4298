"""The function changes a copy of the variable, in another process. The driver's own stays as it was. Let Spark give the
total back, with sum, fold or reduce."""

FAILS = ["test_values", "test_edges"]


def total_with_start(numbers, start):
    total = {"cents": start}

    def add(number):
        total["cents"] += number

    numbers.foreach(add)
    return total["cents"]
