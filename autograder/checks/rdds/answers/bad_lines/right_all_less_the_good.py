"""All lines less the good ones."""


def bad_lines(lines):
    def parse(line):
        try:
            till, cents = line.split(";")
            return [(int(till), int(cents))]
        except ValueError:
            return []

    good = lines.flatMap(parse)
    return good, lambda: lines.count() - good.count()
