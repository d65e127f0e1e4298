"""Orders without a city are gone. The question is about columns; every row stays, and a missing city stays
missing."""

import pandas as pd

FAILS = ["test_values", "test_edges"]


def load_needed(path):
    kinds = {"city": "category", "amount_cents": "int64"}
    return pd.read_csv(path, usecols=list(kinds), dtype=kinds).dropna().reset_index(drop=True)
