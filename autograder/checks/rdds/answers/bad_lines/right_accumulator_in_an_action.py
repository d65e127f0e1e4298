"""An accumulator of its own for each call, filled by an action."""


def bad_lines(lines):
    def parse(line):
        try:
            till, cents = line.split(";")
            return [(int(till), int(cents))]
        except ValueError:
            return []

    def how_many():
        broken = lines.context.accumulator(0)
        lines.foreach(lambda line: broken.add(0 if parse(line) else 1))
        return broken.value

    return lines.flatMap(parse), how_many
