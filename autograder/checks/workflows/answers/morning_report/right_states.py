"""The states are looked at, and the artifact is made in a task of its own."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact


def morning_report(source, sink):
    @task
    def get_orders():
        return len(source.orders())

    @task
    def get_reviews():
        return len(source.reviews())

    @task
    def warn():
        create_markdown_artifact(markdown="There are no reviews.", key="missing-reviews")

    @task
    def write(orders, reviews):
        sink.write({"orders": orders, "reviews": reviews})

    @flow
    def morning():
        reviews = get_reviews(return_state=True)
        orders = get_orders(return_state=True)
        if orders.is_failed():
            return orders
        stars = None
        if reviews.is_completed():
            stars = reviews.result()
        else:
            warn()
        write(orders.result(), stars)

    return morning
