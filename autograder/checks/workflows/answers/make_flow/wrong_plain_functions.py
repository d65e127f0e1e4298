"""These are plain functions: the flow runs them, and Prefect sees one step without a name. Only what bears
@task is a task run that can be seen, tried again or cached."""

import datetime

from prefect import flow

FAILS = ["test_tasks"]


def make_flow(source, sink):
    def extract(day):
        return source.fetch(day)

    def transform(orders):
        totals = {}
        for order in orders:
            if order["city"] is not None:
                totals[order["city"]] = totals.get(order["city"], 0) + order["amount_cents"]
        return totals

    def load(day, totals):
        sink.write(day, totals)

    @flow
    def daily(day: datetime.date):
        load(day, transform(extract(day)))

    return daily
