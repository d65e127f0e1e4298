# %% [markdown] exercise="join_rows"
# Last night's report died in a join. Before the next one starts, the shop wants to know how many rows it will
# have.
#
# Write `join_rows(left, right, how)`. `left` and `right` are the key columns of two frames, as Series of the
# same kind of values, and `how` is `"inner"`, `"left"`, `"right"` or `"outer"`. It returns, as an `int`, the
# exact number of rows that pandas' `merge` on these keys would give.
#
# - Keys may repeat on both sides, and either side may be empty.
# - Keys may be missing. pandas joins a missing key to a missing key, and so counts them like any other key.
# - Do not make the join: it may have more rows than any machine holds. With 300,000 keys on each side the call
#   may add **at most 160 MiB** of memory.

# %% answer="join_rows"
def join_rows(left: pd.Series, right: pd.Series, how: str) -> int:
    """The number of rows of a join on these keys, without making it."""
    ### BEGIN SOLUTION
    one = left.value_counts(dropna=False)
    other = right.value_counts(dropna=False)
    shared = one.index.intersection(other.index)
    rows = sum(int(one[key]) * int(other[key]) for key in shared)
    if how in ("left", "outer"):
        rows += int(one.drop(shared).sum())
    if how in ("right", "outer"):
        rows += int(other.drop(shared).sum())
    return rows
    ### END SOLUTION
