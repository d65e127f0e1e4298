"""Splits, keeps what has four good fields, then converts."""


def parse_clicks(lines):
    def is_number(text, kind, may_be_empty):
        if not text:
            return may_be_empty
        try:
            kind(text)
        except ValueError:
            return False
        return True

    split = lines.map(lambda line: line.split(",")).filter(lambda fields: len(fields) == 4)
    good = (
        split.filter(lambda f: is_number(f[0], int, False))
        .filter(lambda f: is_number(f[1], int, True))
        .filter(lambda f: is_number(f[3], float, True))
    )
    return good.map(
        lambda f: (int(f[0]), int(f[1]) if f[1] else None, f[2], float(f[3]) if f[3] else None)
    )
