"""An empty list of reviews is taken for a failure. The reviews were there; there were none. Ask whether the task
failed, not whether its list is empty."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact

FAILS = ["test_no_reviews_given"]


def morning_report(source, sink):
    @task
    def get_orders():
        return source.orders()

    @task
    def get_reviews():
        return source.reviews()

    @task
    def write(report):
        sink.write(report)

    @flow
    def morning():
        orders = get_orders()
        try:
            reviews = get_reviews()
        except ConnectionError:
            reviews = []
        if not reviews:
            create_markdown_artifact("no reviews", key="missing-reviews")
        write({"orders": len(orders), "reviews": len(reviews) or None})

    return morning
