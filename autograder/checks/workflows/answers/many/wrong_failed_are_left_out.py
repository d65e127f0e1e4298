"""What failed is left out, so the list is shorter than the sources, and nobody knows whose numbers these are. Keep
its place with None."""

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
        results = [future.result(raise_on_failure=False) for future in futures]
        sink.write([one for one in results if not isinstance(one, Exception)])

    return ask
