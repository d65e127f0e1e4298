"""combineByKey, the general form."""


def revenue_by_city(orders):
    known = orders.flatMap(lambda order: [] if order[0] is None else [order])
    return known.combineByKey(lambda first: first, int.__add__, int.__add__)
