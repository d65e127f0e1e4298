"""Reads in chunks, and keeps of each only what is needed."""

import pandas as pd
from pandas.api.types import union_categoricals


def load_needed(path):
    cities, amounts = [], []
    for chunk in pd.read_csv(path, usecols=["city", "amount_cents"], chunksize=50_000):
        cities.append(chunk["city"].astype("category"))
        amounts.append(chunk["amount_cents"].astype("int64"))
    return pd.DataFrame(
        {
            "city": union_categoricals(cities),
            "amount_cents": pd.concat(amounts, ignore_index=True),
        }
    )
