"""The old file is deleted before the new one is there. Whoever reads in between finds nothing, and when the write
breaks the day is lost. A rename replaces the old file at once."""

import datetime
import json

from prefect import flow, task

FAILS = ["test_never_half"]
SIGN = r"store\.delete\("


def load_day(source, store):
    @task
    def extract(day):
        return source.fetch(day)

    @task
    def load(day, orders):
        name = f"orders-{day}.json"
        if store.exists(name):
            store.delete(name)
        store.write(f"{name}.part", json.dumps(orders))
        store.rename(f"{name}.part", name)

    @flow
    def one_day(day: datetime.date):
        load(day, extract(day))

    return one_day
