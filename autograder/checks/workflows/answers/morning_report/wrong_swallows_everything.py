"""Every error is caught, so every run is green, whatever it did. Catch only what you can go on without."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact

FAILS = ["test_needed", "test_not_written"]
SIGN = r"except Exception[\s\S]*return \"failed\""


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
        try:
            orders = get_orders()
            try:
                reviews = len(get_reviews())
            except ConnectionError:
                reviews = None
                create_markdown_artifact("no reviews", key="missing-reviews")
            write({"orders": len(orders), "reviews": reviews})
        except Exception:
            return "failed"

    return morning
