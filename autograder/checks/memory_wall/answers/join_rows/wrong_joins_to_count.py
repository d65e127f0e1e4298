"""This makes the join to count its rows, and the join is what does not fit. The counts of the keys are
enough: for each key, the product of how often both sides have it."""

import pandas as pd

FAILS = ["test_without_joining"]
SIGN = r"merge\(|\.join\("


def join_rows(left, right, how):
    one = pd.DataFrame({"key": left.to_numpy()})
    other = pd.DataFrame({"key": right.to_numpy()})
    if len(one) == 0 or len(other) == 0:
        one["key"], other["key"] = one["key"].astype(object), other["key"].astype(object)
    return len(one.merge(other, on="key", how=how))
