"""Written under a dot name, read back, then renamed."""

import datetime
import json

from prefect import flow, task


def load_day(source, store):
    @task
    def extract(day: datetime.date):
        return source.fetch(day)

    @task
    def load(day: datetime.date, orders: list):
        part = f".{day.isoformat()}.tmp"
        store.write(part, json.dumps(orders, indent=1))
        if json.loads(store.read(part)) != orders:
            raise OSError("what was written is not what is there")
        store.rename(part, f"orders-{day.isoformat()}.json")

    @flow
    def one_day(day: datetime.date):
        orders = extract(day)
        load(day, orders)

    return one_day
