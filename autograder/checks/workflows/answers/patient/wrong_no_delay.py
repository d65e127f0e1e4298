"""The tries follow each other at once. A till that is down for a moment is still down a millisecond later: give
retry_delay_seconds."""

from prefect import flow, task

FAILS = ["test_seen_in_the_states"]
SIGN = r"retries=3, retry_condition_fn"


def patient(source, sink, delay):
    def worth_it(task, run, state):
        return not isinstance(state.result(raise_on_failure=False), LookupError)

    @task
    def announce():
        sink.announce()

    @task(retries=3, retry_condition_fn=worth_it)
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
