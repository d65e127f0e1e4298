"""Each run makes an artifact, so it warns of nothing. Make it only where the reviews are missing."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact

FAILS = ["test_no_reviews_given"]
SIGN = r"the report of today"


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
        report = {"orders": len(get_orders())}
        try:
            report["reviews"] = len(get_reviews())
        except ConnectionError:
            report["reviews"] = None
        create_markdown_artifact(f"the report of today: {report}", key="report")
        write(report)

    return morning
