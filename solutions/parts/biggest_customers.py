# %% [markdown] exercise="biggest_customers"
# The shop sends a card to the customers who brought the most revenue.
#
# Write `biggest_customers(path, n, chunk_rows)`. `path` names a CSV file of orders, and `chunk_rows` is the
# number of rows to read at a time. It returns a frame with the columns `customer_id` and `revenue_cents`, both
# whole numbers: the `n` customers with the largest sum of `amount_cents`, exactly.
#
# - The largest revenue comes first. Of customers with the same revenue, the smaller `customer_id` comes first.
# - An order without a `customer_id` is a guest's and counts for nobody.
# - Where there are fewer than `n` customers, all of them come back; from a file without rows, none.
# - Sums are exact to the cent, also when they are large.
# - With the million orders of `medium` and 20,000 rows at a time, the call may add **at most 150 MiB** of
#   memory.

# %% answer="biggest_customers"
def biggest_customers(path: str, n: int, chunk_rows: int) -> pd.DataFrame:
    """The n customers with the largest revenue, read in chunks."""
    ### BEGIN SOLUTION
    total = pd.Series(dtype="int64")
    columns = ["customer_id", "amount_cents"]
    for chunk in pd.read_csv(path, usecols=columns, chunksize=chunk_rows):
        sums = chunk.groupby("customer_id")["amount_cents"].sum()
        total = total.add(sums, fill_value=0).astype("int64")
    best = total.rename_axis("customer_id").reset_index(name="revenue_cents")
    best = best.sort_values(["revenue_cents", "customer_id"], ascending=[False, True])
    return best.head(n).astype({"customer_id": "int64"})
    ### END SOLUTION
