"""A loop that looks at each column, and to_numeric."""

import pandas as pd


def shrink(orders):
    small = orders.copy()
    for name, column in orders.items():
        if column.dtype == object:
            repeats = column.nunique() < 0.5 * max(1, len(column))
            small[name] = column.astype("category" if repeats else "string[pyarrow]")
        elif name == "customer_id":
            small[name] = column.astype("Int64").astype("Int32")
        elif pd.api.types.is_integer_dtype(column):
            small[name] = pd.to_numeric(column, downcast="integer")
    return small
