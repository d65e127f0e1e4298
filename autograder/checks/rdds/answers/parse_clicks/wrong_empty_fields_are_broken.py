"""A line with an empty field counts as broken here. A customer or a time that is missing is no mistake: it becomes
None."""

FAILS = ["test_values", "test_edges"]


def parse_clicks(lines):
    def parse(line):
        try:
            click_id, customer_id, page, seconds = line.split(",")
            return [(int(click_id), int(customer_id), page, float(seconds))]
        except ValueError:
            return []

    return lines.flatMap(parse)
