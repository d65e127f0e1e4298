"""A join is not as long as its longer side. A key that occurs on both sides gives one row for every pair:
count the keys on both sides and multiply."""

FAILS = ["test_values", "test_edges"]


def join_rows(left, right, how):
    return max(len(left), len(right))
