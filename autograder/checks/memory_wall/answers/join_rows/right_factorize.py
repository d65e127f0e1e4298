"""Codes for the keys of both sides together, then numpy."""

import numpy as np
import pandas as pd


def join_rows(left, right, how):
    keys = pd.concat([left.astype("object"), right.astype("object")], ignore_index=True)
    codes, known = pd.factorize(keys, use_na_sentinel=False)
    a = np.bincount(codes[: len(left)], minlength=len(known)).astype(object)
    b = np.bincount(codes[len(left) :], minlength=len(known)).astype(object)
    if how in ("left", "outer"):
        b = np.where((b == 0) & (a > 0), 1, b) if how == "left" else b
    if how == "left":
        return int((a * b).sum())
    if how == "right":
        return int((np.where((a == 0) & (b > 0), 1, a) * b).sum())
    rows = int((a * b).sum())
    if how == "outer":
        rows += int(a[b == 0].sum()) + int(b[a == 0].sum())
    return rows
