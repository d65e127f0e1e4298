"""The futures are what the flow returns, so one that failed makes the whole run FAILED, although its place was
filled. Return something else than the futures."""

from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner

FAILS = ["test_one_fails"]
SIGN = r"return futures"


def many(sources, limit, sink):
    @task
    def fetch(number):
        return sources[number].fetch()

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=limit))
    def ask():
        futures = [fetch.submit(number) for number in range(len(sources))]
        results = [future.result(raise_on_failure=False) for future in futures]
        sink.write([None if isinstance(one, Exception) else one for one in results])
        return futures

    return ask
