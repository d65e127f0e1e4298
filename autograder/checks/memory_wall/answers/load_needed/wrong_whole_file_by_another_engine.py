"""engine='pyarrow' is fast, and it parses blocks of the whole file at once, so its peak is higher, though
what it keeps is small. A budget measures the peak. The default engine reads piece by piece."""

import pandas as pd

FAILS = ["test_budget"]
SIGN = r"engine\s*=\s*[\"']pyarrow"


def load_needed(path):
    frame = pd.read_csv(path, engine="pyarrow", usecols=["city", "amount_cents"])
    return frame.astype({"city": "category", "amount_cents": "int64"})
