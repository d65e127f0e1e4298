"""The source is among the inputs, and what holds a connection cannot be hashed: there is no key, and nothing is
kept. Leave it out of the arguments, or out of the policy: INPUTS - "name", with the argument's name."""

import datetime

from prefect import flow, task
from prefect.cache_policies import INPUTS

FAILS = ["test_not_fetched_again"]
SIGN = r"cache_policy=INPUTS,[\s\S]*def fetch\(\w+, day"


def cached(source, sink):
    @task(cache_policy=INPUTS, persist_result=True)
    def fetch(till, day):
        return till.fetch(day)

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def report(day: datetime.date, refresh: bool = False):
        load(fetch.with_options(refresh_cache=refresh)(source, day))

    return report
