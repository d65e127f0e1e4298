"""A name of its own for each try, which is taken away where the try breaks."""

import datetime
import json
import uuid

from prefect import flow, task


def load_day(source, store):
    @task
    def extract(day):
        return source.fetch(day)

    @task
    def load(day, orders):
        part = f"part-{uuid.uuid4().hex}"
        try:
            store.write(part, json.dumps(orders))
        except OSError:
            if store.exists(part):
                store.delete(part)
            raise
        store.rename(part, f"orders-{day:%Y-%m-%d}.json")

    @flow
    def one_day(day: datetime.date):
        load.submit(day, extract.submit(day)).result()

    return one_day
