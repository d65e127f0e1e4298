"""The csv module and a dictionary: no frame until the end."""

import csv

import pandas as pd


def mean_value_by_city(path, chunk_rows):
    seen = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["city"]:
                orders, cents = seen.get(row["city"], (0, 0))
                seen[row["city"]] = (orders + 1, cents + int(row["amount_cents"]))
    rows = [(city, orders, cents / orders) for city, (orders, cents) in seen.items()]
    return pd.DataFrame(rows, columns=["city", "orders", "mean_cents"])
