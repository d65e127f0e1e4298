"""flatMap puts out each part of what the function returns. From a tuple it makes four separate elements: return a
list that holds the tuple."""

FAILS = ["test_values", "test_edges"]


def parse_clicks(lines):
    def parse(line):
        try:
            click_id, customer_id, page, seconds = line.split(",")
            who = int(customer_id) if customer_id else None
            return int(click_id), who, page, float(seconds) if seconds else None
        except ValueError:
            return []

    return lines.flatMap(parse)
