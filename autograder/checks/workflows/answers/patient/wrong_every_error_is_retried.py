"""Every failure is tried again, also that of a day that does not exist and will not exist in a second. Say with
retry_condition_fn which failures are worth another try."""

from prefect import flow, task

FAILS = ["test_no_use_in_trying"]


def patient(source, sink, delay):
    @task
    def announce():
        sink.announce()

    @task(retries=3, retry_delay_seconds=delay)
    def extract():
        return source.fetch()

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def night():
        announce()
        load(extract())

    return night
