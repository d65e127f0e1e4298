# %% [markdown] exercise="load_needed"
# For a chart, an analyst needs two of the fourteen columns of a year's orders.
#
# Write `load_needed(path)`. `path` names a CSV file of orders. It returns a frame with the columns `city`, of
# type `category`, and `amount_cents`, of type `int64`, with all rows, in the file's order.
#
# - An order without a city stays, with its city missing.
# - The columns of the file may stand in any order. A file with a header and no rows gives a frame with no rows.
# - With the million orders of `medium`, a file of about 150 MB, the call may add **at most 140 MiB** of memory.

# %% answer="load_needed"
def load_needed(path: str) -> pd.DataFrame:
    """City and amount of every order in the file."""
    ### BEGIN SOLUTION
    types = {"city": "category", "amount_cents": "int64"}
    return pd.read_csv(path, usecols=list(types), dtype=types)
    ### END SOLUTION
