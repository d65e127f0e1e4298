"""One for each broken line, added up where the lines are."""

import re

GOOD = re.compile(r"\d+;\d+")


def bad_lines(lines):
    good = lines.filter(lambda line: GOOD.fullmatch(line))

    def how_many():
        return lines.map(lambda line: int(GOOD.fullmatch(line) is None)).sum()

    return good.map(lambda line: tuple(map(int, line.split(";")))), how_many
