"""Arrow's streaming reader, with the cities as a dictionary from the start."""

import pandas as pd
import pyarrow as pa
import pyarrow.csv


def load_needed(path):
    options = pyarrow.csv.ConvertOptions(
        include_columns=["city", "amount_cents"],
        column_types={"city": pa.dictionary(pa.int32(), pa.string()), "amount_cents": pa.int64()},
        strings_can_be_null=True,
    )
    reading = pyarrow.csv.ReadOptions(block_size=1 << 20, use_threads=False)
    with pyarrow.csv.open_csv(path, read_options=reading, convert_options=options) as reader:
        table = reader.read_all().unify_dictionaries()
    frame = table.to_pandas()
    return pd.DataFrame(
        {
            "city": frame["city"].astype("category"),
            "amount_cents": frame["amount_cents"].astype("int64"),
        }
    )
