"""A dictionary of your own remembers the days. It is gone when the process ends, as it does after each scheduled run,
and no run shows what it did not do. Let Prefect's cache keep the result."""

import datetime

from prefect import flow, task

FAILS = ["test_seen_in_the_states"]


def cached(source, sink):
    known = {}

    @task
    def fetch(day, refresh):
        if refresh or day not in known:
            known[day] = source.fetch(day)
        return known[day]

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def report(day: datetime.date, refresh: bool = False):
        load(fetch(day, refresh))

    return report
