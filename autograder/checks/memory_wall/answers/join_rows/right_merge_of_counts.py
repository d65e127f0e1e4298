"""Joins the two small frames of counts instead of the rows."""


def join_rows(left, right, how):
    one = left.value_counts(dropna=False).rename("n_left").rename_axis("key").reset_index()
    other = right.value_counts(dropna=False).rename("n_right").rename_axis("key").reset_index()
    if len(one) == 0 or len(other) == 0:
        sides = {"inner": 0, "left": len(left), "right": len(right)}
        return sides.get(how, len(left) + len(right))
    both = one.merge(other, on="key", how=how)
    counts = both[["n_left", "n_right"]].fillna(1).astype("int64")
    return int((counts["n_left"] * counts["n_right"]).sum())
