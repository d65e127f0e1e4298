"""retries counts the tries after the first. With retries=2 a source is asked three times and not four."""

from prefect import flow, task

FAILS = ["test_gives_up"]


def patient(source, sink, delay):
    def worth_it(task, run, state):
        return not isinstance(state.result(raise_on_failure=False), LookupError)

    @task
    def announce():
        sink.announce()

    @task(retries=2, retry_delay_seconds=delay, retry_condition_fn=worth_it)
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
