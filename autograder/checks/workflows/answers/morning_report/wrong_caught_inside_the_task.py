"""The error of the reviews is caught inside their task, so the task says COMPLETED, and whoever looks for the failed
step finds none. Let the task raise, and catch it in the flow."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact

FAILS = ["test_the_failure_stays_in_sight"]


def morning_report(source, sink):
    @task
    def get_orders():
        return source.orders()

    @task
    def get_reviews():
        try:
            return source.reviews()
        except ConnectionError:
            create_markdown_artifact("no reviews", key="missing-reviews")
            return None

    @task
    def write(orders, reviews):
        sink.write({"orders": len(orders), "reviews": None if reviews is None else len(reviews)})

    @flow
    def morning():
        write(get_orders(), get_reviews())

    return morning
