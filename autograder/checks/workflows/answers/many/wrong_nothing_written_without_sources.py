"""Without sources the flow leaves before it writes. Whoever reads the list then finds none, or yesterday's: an empty
list is an answer, too."""

from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner

FAILS = ["test_no_sources"]
SIGN = r"if not sources|len\(sources\) == 0"


def many(sources, limit, sink):
    @task
    def fetch(number):
        return sources[number].fetch()

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=limit))
    def ask():
        if not sources:
            return "nothing to do"
        futures = [fetch.submit(number) for number in range(len(sources))]
        results = [future.result(raise_on_failure=False) for future in futures]
        sink.write([None if isinstance(one, Exception) else one for one in results])
        return "written"

    return ask
