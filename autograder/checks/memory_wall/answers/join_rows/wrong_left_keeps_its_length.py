"""A left join keeps every left row at least once, not exactly once. Where the right side has a key three
times, each left row with that key comes three times."""

FAILS = ["test_values", "test_edges"]


def join_rows(left, right, how):
    if how == "left":
        return len(left)
    if how == "right":
        return len(right)
    both = left[left.isin(right)]
    if how == "inner":
        return len(both)
    return len(left) + int((~right.isin(left)).sum())
