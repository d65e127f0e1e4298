"""Orders without a city are in the report, under None. They belong to no city: leave them out."""

import datetime

from prefect import flow, task

FAILS = ["test_values"]


def make_flow(source, sink):
    @task
    def extract(day):
        return source.fetch(day)

    @task
    def transform(orders):
        totals = {}
        for order in orders:
            totals[order["city"]] = totals.get(order["city"], 0) + order["amount_cents"]
        return totals

    @task
    def load(day, totals):
        sink.write(day, totals)

    @flow
    def daily(day: datetime.date):
        load(day, transform(extract(day)))

    return daily
