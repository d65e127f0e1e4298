"""combineByKey, with lists that are changed in place."""


def mean_basket(orders):
    def begin(cents):
        return [1, cents]

    def add(total, cents):
        total[0] += 1
        total[1] += cents
        return total

    def merge(one, other):
        return [one[0] + other[0], one[1] + other[1]]

    totals = orders.filter(lambda o: o[0] is not None).combineByKey(begin, add, merge)
    return totals.map(lambda pair: (pair[0], pair[1][1] / pair[1][0]))
