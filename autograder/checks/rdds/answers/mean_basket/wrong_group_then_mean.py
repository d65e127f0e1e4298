"""groupByKey sends every amount through the shuffle, to make one number of them there. A sum and a count for each
partition are all that has to be sent."""

FAILS = ["test_shuffle"]
SIGN = r"group(ByKey|By|With)\(|\+ \["


def mean_basket(orders):
    known = orders.filter(lambda o: o[0] is not None).groupByKey()
    return known.mapValues(lambda all_of_it: sum(all_of_it) / len(all_of_it))
