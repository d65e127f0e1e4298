"""The exception is caught inside the task, so for Prefect the task did well, and there is nothing to try again.
Let it out."""

from prefect import flow, task

FAILS = ["test_values"]


def patient(source, sink, delay):
    @task
    def announce():
        sink.announce()

    @task(retries=3, retry_delay_seconds=delay)
    def extract():
        try:
            return source.fetch()
        except Exception:
            return []

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def night():
        announce()
        load(extract())

    return night
