"""refresh changes nothing: the kept result is given all the same. Call fetch.with_options(refresh_cache=refresh)."""

import datetime

from prefect import flow, task
from prefect.cache_policies import INPUTS

FAILS = ["test_refresh"]


def cached(source, sink):
    @task(cache_policy=INPUTS, persist_result=True)
    def fetch(day):
        return source.fetch(day)

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def report(day: datetime.date, refresh: bool = False):
        load(fetch(day))

    return report
