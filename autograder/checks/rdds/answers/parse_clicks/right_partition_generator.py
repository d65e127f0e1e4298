"""A generator over each partition."""


def parse_clicks(lines):
    def number(text, kind):
        return kind(text) if text else None

    def parse(part):
        for line in part:
            fields = line.split(",")
            if len(fields) == 4 and fields[0]:
                try:
                    yield (
                        int(fields[0]),
                        number(fields[1], int),
                        fields[2],
                        number(fields[3], float),
                    )
                except ValueError:
                    continue

    return lines.mapPartitions(parse)
