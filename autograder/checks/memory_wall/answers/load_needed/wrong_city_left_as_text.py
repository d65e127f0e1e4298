"""The right columns are read, and city is still text: one Python string for each row. Ask for a category
while the file is read: dtype={'city': 'category'}."""

import pandas as pd

FAILS = ["test_types"]


def load_needed(path):
    return pd.read_csv(path, usecols=["city", "amount_cents"])


SIGN = r"usecols"
