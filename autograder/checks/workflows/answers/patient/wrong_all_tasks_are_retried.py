"""Every task has retries. A write that failed may have happened in part, and a second one does it again: only what
is safe to repeat may be repeated, and here that is the fetch."""

from prefect import flow, task

FAILS = ["test_the_rest_is_not_repeated"]


def patient(source, sink, delay):
    def worth_it(task, run, state):
        return not isinstance(state.result(raise_on_failure=False), LookupError)

    again = task(retries=3, retry_delay_seconds=delay, retry_condition_fn=worth_it)

    @again
    def announce():
        sink.announce()

    @again
    def extract():
        return source.fetch()

    @again
    def load(orders):
        sink.write(orders)

    @flow
    def night():
        announce()
        load(extract())

    return night
