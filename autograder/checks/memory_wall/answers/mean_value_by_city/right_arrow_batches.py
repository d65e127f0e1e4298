"""Arrow's streaming CSV reader and its own group_by."""

import pandas as pd
import pyarrow as pa
import pyarrow.csv


def mean_value_by_city(path, chunk_rows):
    options = pyarrow.csv.ConvertOptions(
        include_columns=["city", "amount_cents"],
        column_types={"city": pa.string(), "amount_cents": pa.int64()},
        strings_can_be_null=True,
    )
    parts = []
    with pyarrow.csv.open_csv(path, convert_options=options) as reader:
        for batch in reader:
            table = (
                pa.table(batch)
                .group_by("city")
                .aggregate([("amount_cents", "sum"), ("amount_cents", "count")])
            )
            parts.append(table)
    if not parts:
        return pd.DataFrame({"city": [], "orders": [], "mean_cents": []})
    whole = pa.concat_tables(parts).to_pandas().groupby("city", as_index=False).sum()
    whole["mean_cents"] = whole["amount_cents_sum"] / whole["amount_cents_count"]
    return whole.rename(columns={"amount_cents_count": "orders"})[["city", "orders", "mean_cents"]]
