"""A key function names the day."""

import datetime

from prefect import flow, task


def cached(source, sink):
    def key(context, parameters):
        return f"orders-of-{parameters['day']}"

    @task(cache_key_fn=key, persist_result=True)
    def fetch(day):
        return source.fetch(day)

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def report(day: datetime.date, refresh: bool = False):
        orders = fetch.with_options(refresh_cache=True)(day) if refresh else fetch(day)
        load(orders)

    return report
