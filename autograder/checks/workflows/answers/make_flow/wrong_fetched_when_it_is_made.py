"""The orders are fetched while the flow is made, before anyone runs it, and every run then gets those of that one
day. What stands outside the tasks and the flow happens once, when make_flow is called."""

import datetime

from prefect import flow, task

FAILS = ["test_edges", "test_tasks"]


def make_flow(source, sink):
    orders = source.fetch("2025-03-01")

    @task
    def extract(day):
        return orders

    @task
    def transform(orders):
        totals = {}
        for order in orders:
            if order["city"] is not None:
                totals[order["city"]] = totals.get(order["city"], 0) + order["amount_cents"]
        return totals

    @task
    def load(day, totals):
        sink.write(day, totals)

    @flow
    def daily(day: datetime.date):
        load(day, transform(extract(day)))

    return daily
