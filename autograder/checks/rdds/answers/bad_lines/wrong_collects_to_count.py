"""All broken lines are brought to the driver, to be counted there. Count them where they are: filter, then
count."""

FAILS = ["test_lines_stay"]
SIGN = r"collect\(|toLocalIterator\(|\btake\("


def bad_lines(lines):
    def parse(line):
        try:
            till, cents = line.split(";")
            return [(int(till), int(cents))]
        except ValueError:
            return []

    def how_many():
        return len(lines.filter(lambda line: not parse(line)).collect())

    return lines.flatMap(parse), how_many
