"""Plain calls. A failed task raises where it is called."""

from prefect import flow, task
from prefect.artifacts import create_table_artifact


def morning_report(source, sink):
    orders = task(source.orders, name="orders")
    reviews = task(source.reviews, name="reviews")
    write = task(sink.write, name="write")

    @flow
    def morning():
        report = {"orders": len(orders())}
        try:
            report["reviews"] = len(reviews())
        except Exception as problem:
            report["reviews"] = None
            create_table_artifact(table=[{"missing": "reviews", "why": str(problem)}])
        write(report)

    return morning
