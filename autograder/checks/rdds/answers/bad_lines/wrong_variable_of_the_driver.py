"""The function that runs in the tasks has a copy of this variable, in another process. The driver's own stays 0."""

FAILS = ["test_count", "test_edges"]
SIGN = r"nonlocal|global |\] \+= 1|append\("


def bad_lines(lines):
    broken = {"lines": 0}

    def parse(line):
        try:
            till, cents = line.split(";")
            return [(int(till), int(cents))]
        except ValueError:
            broken["lines"] += 1
            return []

    return lines.flatMap(parse), lambda: broken["lines"]
