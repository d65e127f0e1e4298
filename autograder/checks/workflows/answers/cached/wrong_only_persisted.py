"""persist_result keeps the result, and under a key with the run's id: the next run looks for another. The policy
decides what is found again: cache_policy=INPUTS."""

import datetime

from prefect import flow, task

FAILS = ["test_not_fetched_again"]
SIGN = r"@task\(persist_result=True\)"


def cached(source, sink):
    @task(persist_result=True)
    def fetch(day):
        return source.fetch(day)

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def report(day: datetime.date, refresh: bool = False):
        load(fetch.with_options(refresh_cache=refresh)(day))

    return report
