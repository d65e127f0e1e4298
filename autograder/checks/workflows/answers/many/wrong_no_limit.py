"""All sources are asked at once, however many there are. Limit the flow's threads:
task_runner=ThreadPoolTaskRunner(max_workers=limit)."""

from prefect import flow, task

FAILS = ["test_not_more_than"]


def many(sources, limit, sink):
    @task
    def fetch(number):
        return sources[number].fetch()

    @flow
    def ask():
        futures = [fetch.submit(number) for number in range(len(sources))]
        results = [future.result(raise_on_failure=False) for future in futures]
        sink.write([None if isinstance(one, Exception) else one for one in results])
        return "written"

    return ask
