"""Two running Series, added with fill_value."""

import pandas as pd


def mean_value_by_city(path, chunk_rows):
    total = pd.Series(dtype="int64")
    number = pd.Series(dtype="int64")
    for piece in pd.read_csv(path, usecols=["city", "amount_cents"], chunksize=chunk_rows):
        groups = piece.groupby("city")["amount_cents"]
        total = total.add(groups.sum(), fill_value=0)
        number = number.add(groups.count(), fill_value=0)
    answer = pd.DataFrame({"orders": number.astype("int64"), "mean_cents": total / number})
    answer.index.name = "city"
    return answer.reset_index().sort_values("mean_cents")
