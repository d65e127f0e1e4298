"""The results stand in the order in which they came, not in that of the sources. Go over the futures in the order in
which they were submitted; who is first to finish is chance."""

from prefect import flow, task
from prefect.futures import as_completed
from prefect.task_runners import ThreadPoolTaskRunner

FAILS = ["test_values"]
SIGN = r"as_completed"


def many(sources, limit, sink):
    @task
    def fetch(number):
        return sources[number].fetch()

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=limit))
    def ask():
        futures = [fetch.submit(number) for number in range(len(sources))]
        results = [future.result(raise_on_failure=False) for future in as_completed(futures)]
        sink.write([None if isinstance(one, Exception) else one for one in results])
        return "written"

    return ask
