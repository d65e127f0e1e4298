"""Retries are added where the task is used; the flow returns the last future."""

from prefect import flow, task


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

    def only_connections(task, run, state):
        return isinstance(state.data if False else _error(state), ConnectionError)

    def _error(state):
        return state.result(raise_on_failure=False)

    @flow(retries=0)
    def night():
        rung = announce.submit()
        tried = extract.with_options(
            retries=3, retry_delay_seconds=delay, retry_condition_fn=only_connections
        )
        orders = tried.submit(wait_for=[rung])
        return load.submit(orders)

    return night
