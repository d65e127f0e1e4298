"""Counted once, when the function is made, with the parsed lines kept."""


def bad_lines(lines):
    def parse(line):
        try:
            till, cents = line.split(";")
            return [(int(till), int(cents))]
        except ValueError:
            return []

    parsed = lines.map(parse).cache()
    number = parsed.filter(lambda found: not found).count()
    return parsed.flatMap(lambda found: found), lambda: number
