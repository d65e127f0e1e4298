"""The RDD is counted before it is returned. count is an action: it parses every line, and what it read is not
kept, so that the next action parses them all again."""

FAILS = ["test_lazy"]
SIGN = r"\.count\(\)|\.isEmpty\(\)|\.first\(\)"


def parse_clicks(lines):
    def parse(line):
        fields = line.split(",")
        if len(fields) != 4:
            return []
        click_id, customer_id, page, seconds = fields
        try:
            who = int(customer_id) if customer_id else None
            return [(int(click_id), who, page, float(seconds) if seconds else None)]
        except ValueError:
            return []

    clicks = lines.flatMap(parse)
    clicks.count()
    return clicks
