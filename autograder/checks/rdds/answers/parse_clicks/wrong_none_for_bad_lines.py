"""map makes exactly one element of each, so a broken line is still there, as None. flatMap with an empty list,
or a filter after the map, leaves it out."""

FAILS = ["test_values", "test_edges"]


def parse_clicks(lines):
    def parse(line):
        try:
            click_id, customer_id, page, seconds = line.split(",")
            who = int(customer_id) if customer_id else None
            return int(click_id), who, page, float(seconds) if seconds else None
        except ValueError:
            return None

    return lines.map(parse)
