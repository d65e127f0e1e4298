"""A text is a sequence of letters, and flatMap takes it apart letter by letter. Turn the line into a list with one
tuple."""

FAILS = ["test_values", "test_edges"]


def parse_clicks(lines):
    return lines.flatMap(lambda line: line if line.count(",") == 3 else "")
