"""An asynchronous flow, and pandas for the sums."""

import datetime

import pandas as pd
from prefect import flow, task


def make_flow(source, sink):
    @task
    def extract(day):
        return pd.DataFrame(source.fetch(day), columns=["order_id", "city", "amount_cents"])

    @task
    def transform(orders):
        sums = orders.groupby("city")["amount_cents"].sum()
        return {city: int(cents) for city, cents in sums.items()}

    @task
    async def load(day, totals):
        sink.write(day, totals)

    @flow
    async def daily(day: datetime.date):
        await load(day, transform(extract(day)))

    return daily
