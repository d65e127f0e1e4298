"""The flow has the retries, so it begins again from its first line: the owner's phone rings each time, and every
failure is tried again. Give the retries to the task."""

from prefect import flow, task

FAILS = ["test_no_use_in_trying", "test_seen_in_the_states", "test_the_rest_is_not_repeated"]


def patient(source, sink, delay):
    @task
    def announce():
        sink.announce()

    @task
    def extract():
        return source.fetch()

    @task
    def load(orders):
        sink.write(orders)

    @flow(retries=3, retry_delay_seconds=delay)
    def night():
        announce()
        load(extract())

    return night
