"""The day's file is written where everyone reads it. While it is written it is half a file, and when the write
breaks it stays one. Write under another name, then rename."""

import datetime
import json

from prefect import flow, task

FAILS = ["test_never_half"]
SIGN = r"\A(?![\s\S]*\.rename\()[\s\S]*store\.write\("


def load_day(source, store):
    @task
    def extract(day):
        return source.fetch(day)

    @task
    def load(day, orders):
        store.write(f"orders-{day}.json", json.dumps(orders))

    @flow
    def one_day(day: datetime.date):
        load(day, extract(day))

    return one_day
