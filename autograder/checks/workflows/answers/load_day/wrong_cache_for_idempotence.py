"""The fetch is cached by its day, so a second run writes the first run's orders once more. A cache saves work. It
does not make it safe to repeat, and here it hides the orders that came late."""

import datetime
import json

from prefect import flow, task
from prefect.cache_policies import INPUTS

FAILS = ["test_values"]
SIGN = r"cache_"


def load_day(source, store):
    @task(cache_policy=INPUTS, persist_result=True)
    def extract(day):
        return source.fetch(day)

    @task
    def load(day, orders):
        name = f"orders-{day}.json"
        store.write(f"{name}.part", json.dumps(orders))
        store.rename(f"{name}.part", name)

    @flow
    def one_day(day: datetime.date):
        load(day, extract(day))

    return one_day
