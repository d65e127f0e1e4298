"""Arrow's streaming reader with small blocks, on one thread."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv


def survive(path, budget_mb):
    columns = {"ordered_at": pa.string(), "payment": pa.string(), "amount_cents": pa.int64()}
    convert = pyarrow.csv.ConvertOptions(include_columns=list(columns), column_types=columns)
    reading = pyarrow.csv.ReadOptions(block_size=1 << 19, use_threads=False)
    parts = []
    with pyarrow.csv.open_csv(path, read_options=reading, convert_options=convert) as reader:
        for batch in reader:
            table = pa.table(
                {
                    "month": pc.utf8_slice_codeunits(batch["ordered_at"], 0, 7),
                    "payment": batch["payment"],
                    "amount_cents": batch["amount_cents"],
                }
            )
            grouped = table.group_by(["month", "payment"], use_threads=False)
            parts.append(
                grouped.aggregate([("amount_cents", "count"), ("amount_cents", "sum")]).to_pandas()
            )
    if not parts:
        return pd.DataFrame({"month": [], "payment": [], "orders": [], "revenue_cents": []})
    whole = pd.concat(parts).groupby(["month", "payment"], as_index=False).sum()
    names = {"amount_cents_count": "orders", "amount_cents_sum": "revenue_cents"}
    return whole.rename(columns=names)
