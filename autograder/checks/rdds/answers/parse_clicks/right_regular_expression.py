"""A regular expression says what a good line is."""

import re

GOOD = re.compile(r"(\d+),(\d*),([^,]*),(\d*\.?\d*)")


def parse_clicks(lines):
    found = lines.map(GOOD.fullmatch).filter(bool).map(lambda match: match.groups())
    return found.map(
        lambda f: (int(f[0]), int(f[1]) if f[1] else None, f[2], float(f[3]) if f[3] else None)
    )
