"""All lines are brought to the driver, parsed there, and sent out again. The driver is one process on one
machine: leave the lines where they are and give the RDD a function."""

FAILS = ["test_lazy"]
SIGN = r"collect\(|toLocalIterator\(|\btake\("


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

    clicks = [click for line in lines.collect() for click in parse(line)]
    return lines.context.parallelize(clicks, 4)
