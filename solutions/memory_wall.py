# %% [markdown]
# # The memory wall
#
# stub

# %% tags=["setup"]
import pandas as pd
import shop

from autograder import check, hint, solution

# %% [markdown] exercise="mean_value_by_city"
# `path` names a CSV file of orders ...

# %% answer="mean_value_by_city"
def mean_value_by_city(path: str, chunk_rows: int) -> pd.DataFrame:
    """Orders and mean amount in cents per city, never holding more than one chunk of rows."""
    ### BEGIN SOLUTION
    parts = []
    for chunk in pd.read_csv(path, usecols=["city", "amount_cents"], chunksize=chunk_rows):
        parts.append(chunk.groupby("city")["amount_cents"].agg(orders="size", cents="sum"))
    total = pd.concat(parts).groupby("city").sum()
    total["mean_cents"] = total["cents"] / total["orders"]
    return total[["orders", "mean_cents"]].reset_index()
    ### END SOLUTION
