"""The client is an argument, and the policy leaves it out."""

import datetime

from prefect import flow, task
from prefect.cache_policies import INPUTS, TASK_SOURCE


def cached(source, sink):
    @task(cache_policy=(INPUTS + TASK_SOURCE) - "till")
    def fetch(till, day: datetime.date):
        return till.fetch(day)

    @task
    def load(orders):
        return sink.write(orders)

    @flow(persist_result=True)
    def report(day: datetime.date, refresh: bool = False):
        again = fetch.with_options(refresh_cache=refresh)
        return load.submit(again.submit(source, day))

    return report
