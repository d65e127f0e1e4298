"""The whole file is read and most of it is thrown away afterwards. The peak is already over by then: name
the columns while reading, with usecols."""

import pandas as pd

FAILS = ["test_budget"]
SIGN = r"\]\]|\.drop\(|\.loc\[|del "


def load_needed(path):
    frame = pd.read_csv(path)
    kept = frame[["city", "amount_cents"]]
    return kept.astype({"city": "category", "amount_cents": "int64"})
