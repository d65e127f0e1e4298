"""refresh is among the inputs, so a refreshed result is kept under another key, and the next plain run finds the old
one. Use refresh_cache=True: it replaces what is kept."""

import datetime

from prefect import flow, task
from prefect.cache_policies import INPUTS

FAILS = ["test_refresh"]
SIGN = r"def fetch\([^)]*refresh"


def cached(source, sink):
    @task(cache_policy=INPUTS, persist_result=True)
    def fetch(day, refresh):
        return source.fetch(day)

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def report(day: datetime.date, refresh: bool = False):
        load(fetch(day, refresh))

    return report
