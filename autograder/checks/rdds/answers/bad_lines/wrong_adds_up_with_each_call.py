"""One accumulator serves all calls, so a second call adds its lines to those of the first. Make a new one in each call,
or count with filter and count."""

FAILS = ["test_count", "test_edges"]


def bad_lines(lines):
    broken = lines.context.accumulator(0)

    def parse(line):
        try:
            till, cents = line.split(";")
            return [(int(till), int(cents))]
        except ValueError:
            return []

    def how_many():
        lines.foreach(lambda line: broken.add(0 if parse(line) else 1))
        return broken.value

    return lines.flatMap(parse), how_many
