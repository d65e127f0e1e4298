"""The broken write is caught and the run ends COMPLETED, with yesterday's orders in the file. Nobody will run it
again. Let the error out."""

import datetime
import json

from prefect import flow, task

FAILS = ["test_says_what_happened"]


def load_day(source, store):
    @task
    def extract(day):
        return source.fetch(day)

    @task
    def load(day, orders):
        name = f"orders-{day}.json"
        try:
            store.write(f"{name}.part", json.dumps(orders))
            store.rename(f"{name}.part", name)
        except OSError as problem:
            print("could not write:", problem)

    @flow
    def one_day(day: datetime.date):
        load(day, extract(day))

    return one_day
