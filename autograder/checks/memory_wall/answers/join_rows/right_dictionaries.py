"""Counter for both sides; missing keys become None."""

from collections import Counter

import pandas as pd


def join_rows(left, right, how):
    def counted(keys):
        return Counter(None if pd.isna(key) else key for key in keys.tolist())

    one, other = counted(left), counted(right)
    rows = sum(many * other[key] for key, many in one.items())
    if how in ("left", "outer"):
        rows += sum(many for key, many in one.items() if key not in other)
    if how in ("right", "outer"):
        rows += sum(many for key, many in other.items() if key not in one)
    return rows
