"""submit gives a future, which is a promise and no list. A task may be handed a future, and gets its value; your
own code in the flow has to ask it: orders.result()."""

import datetime

from prefect import flow, task

FAILS = ["test_values"]
RAISES = r"'Prefect\w*Future'"


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
        orders = extract.submit(day)
        load(day, transform([order for order in orders if order["city"] is not None]))

    return daily
