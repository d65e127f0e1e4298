"""One task does everything. It can only fail, be tried again and be seen as a whole: make a task of each step."""

import datetime

from prefect import flow, task

FAILS = ["test_tasks"]
SIGN = r"@task[\s\S]*\.fetch\([\s\S]{0,400}sink\.write"


def make_flow(source, sink):
    @task
    def everything(day):
        totals = {}
        for order in source.fetch(day):
            if order["city"] is not None:
                totals[order["city"]] = totals.get(order["city"], 0) + order["amount_cents"]
        sink.write(day, totals)

    @flow
    def daily(day: datetime.date):
        everything(day)

    return daily
