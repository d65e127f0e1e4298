"""The accumulator's value is read before any action has run, so it is 0, and that 0 is what the function says for
ever."""

FAILS = ["test_count", "test_edges"]
SIGN = r"=\s*\w+\.value\b"


def bad_lines(lines):
    broken = lines.context.accumulator(0)

    def parse(line):
        try:
            till, cents = line.split(";")
            return [(int(till), int(cents))]
        except ValueError:
            broken.add(1)
            return []

    records = lines.flatMap(parse)
    number = broken.value
    return records, lambda: int(number)
