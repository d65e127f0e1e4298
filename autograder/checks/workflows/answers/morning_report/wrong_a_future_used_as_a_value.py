"""submit gives a future, not the list: len of it is a TypeError, and every night is red. Ask the future for its
.result() first."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact

FAILS = ["test_values"]
RAISES = r"'Prefect\w*Future'"


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
        orders = get_orders.submit()
        reviews = get_reviews.submit()
        many = len(orders)
        try:
            stars = len(reviews.result())
        except ConnectionError as problem:
            stars = None
            create_markdown_artifact(f"No reviews: {problem}", key="missing-reviews")
        write({"orders": many, "reviews": stars})

    return morning
