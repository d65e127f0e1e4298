"""The key does not name the day, so every day gets the orders of the first. All that the result depends on belongs
into the key."""

import datetime

from prefect import flow, task

FAILS = ["test_values"]


def cached(source, sink):
    @task(cache_key_fn=lambda context, parameters: "orders", persist_result=True)
    def fetch(day):
        return source.fetch(day)

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def report(day: datetime.date, refresh: bool = False):
        load(fetch.with_options(refresh_cache=refresh)(day))

    return report
