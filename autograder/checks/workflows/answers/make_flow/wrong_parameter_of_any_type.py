"""The flow takes its day as it comes. Without a type nothing is checked, and the till is asked for a day called
tomorrow. Write day: datetime.date."""

from prefect import flow, task

FAILS = ["test_parameter"]


def make_flow(source, sink):
    @task
    def extract(day):
        return source.fetch(day)

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
    def daily(day):
        load(day, transform(extract(day)))

    return daily
