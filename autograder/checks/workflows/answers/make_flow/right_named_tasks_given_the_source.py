"""Functions from outside, made into tasks by name; source and sink are handed to them."""

import datetime

from prefect import flow, task


def _get(source, day):
    return source.fetch(day)


def _sum(orders):
    cities = {order["city"] for order in orders} - {None}
    return {c: sum(o["amount_cents"] for o in orders if o["city"] == c) for c in cities}


def _put(sink, day, totals):
    sink.write(day.isoformat(), totals)


def make_flow(source, sink):
    extract = task(_get, name="extract")
    transform = task(_sum, name="transform")
    load = task(_put, name="load")

    def report(day: datetime.date) -> None:
        load(sink, day, transform(extract(source, day)))

    return flow(report)
