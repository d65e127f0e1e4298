"""map to a tuple or None, then filter."""


def parse_clicks(lines):
    def parse(line):
        parts = line.split(",")
        try:
            click_id, customer_id, page, seconds = parts
            return (
                int(click_id),
                None if customer_id == "" else int(customer_id),
                page,
                None if seconds == "" else float(seconds),
            )
        except ValueError:
            return None

    return lines.map(parse).filter(lambda click: click is not None)
