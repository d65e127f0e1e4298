"""The csv module holds one line at a time, so any budget will do."""

import csv

import pandas as pd


def survive(path, budget_mb):
    totals = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = row["ordered_at"][:7], row["payment"]
            orders, cents = totals.get(key, (0, 0))
            totals[key] = orders + 1, cents + int(row["amount_cents"])
    rows = [(*key, *sums) for key, sums in totals.items()]
    return pd.DataFrame(rows, columns=["month", "payment", "orders", "revenue_cents"])
