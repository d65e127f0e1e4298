"""Futures; the flow says in a state of its own that something was missing."""

from prefect import flow, task
from prefect.artifacts import create_link_artifact
from prefect.states import Completed


def morning_report(source, sink):
    @task
    def fetch(what):
        return getattr(source, what)()

    @task
    def write(orders, reviews):
        sink.write({"orders": orders, "reviews": reviews})

    @flow
    def morning():
        orders, reviews = fetch.submit("orders"), fetch.submit("reviews")
        reviews.wait()
        given = reviews.result(raise_on_failure=False)
        missing = isinstance(given, BaseException)
        future = write.submit(len(orders.result()), None if missing else len(given))
        future.result()
        if missing:
            create_link_artifact("https://example.org/reviews", "the reviews were not there")
            return Completed(name="WithoutReviews", message="no reviews today")

    return morning
