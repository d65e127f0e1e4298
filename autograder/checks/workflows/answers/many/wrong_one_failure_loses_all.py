"""The first source that fails ends the flow, and what the others gave is lost. Ask each future with
raise_on_failure=False, or catch its exception."""

from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner

FAILS = ["test_one_fails"]


def many(sources, limit, sink):
    @task
    def fetch(number):
        return sources[number].fetch()

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=limit))
    def ask():
        futures = [fetch.submit(number) for number in range(len(sources))]
        sink.write([future.result() for future in futures])

    return ask
