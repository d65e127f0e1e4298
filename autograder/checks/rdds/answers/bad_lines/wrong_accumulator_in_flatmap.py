"""The accumulator is filled in a transformation. It counts again each time the RDD is used, and not at all before. Count
in an action, with a function that can be called at any time."""

FAILS = ["test_count"]


def bad_lines(lines):
    broken = lines.context.accumulator(0)

    def parse(line):
        try:
            till, cents = line.split(";")
            return [(int(till), int(cents))]
        except ValueError:
            broken.add(1)
            return []

    return lines.flatMap(parse), lambda: broken.value
