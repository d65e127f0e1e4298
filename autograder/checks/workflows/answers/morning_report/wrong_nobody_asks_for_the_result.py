"""The futures are waited for and never asked. A failed task then goes unnoticed, and the flow ends COMPLETED. Ask
for .result(), or return the future."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact

FAILS = ["test_needed", "test_not_written"]


def morning_report(source, sink):
    @task
    def get_orders():
        return source.orders()

    @task
    def get_reviews():
        return source.reviews()

    @task
    def write(orders, reviews):
        sink.write({"orders": len(orders), "reviews": None if reviews is None else len(reviews)})

    @flow
    def morning():
        orders = get_orders.submit()
        reviews = get_reviews.submit()
        reviews.wait()
        given = reviews.result(raise_on_failure=False)
        if isinstance(given, Exception):
            given = None
            create_markdown_artifact("no reviews", key="missing-reviews")
        written = write.submit(orders, given)
        written.wait()
        return "done"

    return morning
