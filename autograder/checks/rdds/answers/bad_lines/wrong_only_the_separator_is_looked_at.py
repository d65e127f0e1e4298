"""A line with one semicolon counts as good here, whatever stands around it. Both fields have to be whole
numbers."""

FAILS = ["test_records", "test_edges"]


def bad_lines(lines):
    def is_good(line):
        return line.count(";") == 1

    def record(line):
        till, cents = line.split(";")
        return (int(till) if till.isdigit() else 0, int(cents) if cents.isdigit() else 0)

    return lines.filter(is_good).map(record), lambda: lines.filter(lambda x: not is_good(x)).count()
