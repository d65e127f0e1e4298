"""A broken line raises an error here, and an error in one line ends the whole job. Catch it, and give back
nothing for that line."""

FAILS = ["test_values", "test_edges"]
RAISES = "^PythonException: (ValueError|IndexError): "


def parse_clicks(lines):
    def parse(line):
        click_id, customer_id, page, seconds = line.split(",")
        who = int(customer_id) if customer_id else None
        return int(click_id), who, page, float(seconds) if seconds else None

    return lines.map(parse)
