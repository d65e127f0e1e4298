"""Tasks are submitted; futures are handed on, and the last one is returned."""

import datetime
from collections import defaultdict

from prefect import flow, task


def make_flow(source, sink):
    @task
    def extract(day: datetime.date) -> list:
        return source.fetch(day)

    @task
    def transform(orders: list) -> dict:
        totals = defaultdict(int)
        for order in orders:
            if order["city"]:
                totals[order["city"]] += order["amount_cents"]
        return dict(totals)

    @task
    def load(day, totals):
        sink.write(day, totals)

    @flow(name="daily-report", log_prints=True)
    def daily(day: datetime.date):
        totals = transform.submit(extract.submit(day))
        return load.submit(day, totals)

    return daily
