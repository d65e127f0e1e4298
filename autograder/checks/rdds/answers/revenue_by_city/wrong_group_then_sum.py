"""groupByKey sends every amount through the shuffle and adds up only there. reduceByKey adds up within each
partition first, and sends one number for each city."""

FAILS = ["test_shuffle"]
SIGN = r"group(ByKey|By|With)\(|\+ \["


def revenue_by_city(orders):
    return orders.filter(lambda o: o[0] is not None).groupByKey().mapValues(sum)
