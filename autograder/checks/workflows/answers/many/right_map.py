"""map on a limited runner; results in the order of the futures."""

from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner


def many(sources, limit, sink):
    @task
    def fetch(number):
        return sources[number].fetch()

    @task
    def write(results):
        sink.write(results)

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=limit))
    def ask():
        futures = fetch.map(list(range(len(sources))))
        futures.wait()
        states = [future.state for future in futures]
        write([s.result() if s.is_completed() else None for s in states])

    return ask
