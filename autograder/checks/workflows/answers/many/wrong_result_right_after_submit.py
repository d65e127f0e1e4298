"""submit, and at once .result(): that waits for the end, so it is a loop of calls. Submit all of them first."""

from prefect import flow, task

FAILS = ["test_at_once"]
SIGN = r"submit\(.*\)\.result\("


def many(sources, limit, sink):
    @task
    def fetch(number):
        return sources[number].fetch()

    @flow
    def ask():
        results = []
        for number in range(len(sources)):
            found = fetch.submit(number).result(raise_on_failure=False)
            results.append(None if isinstance(found, Exception) else found)
        sink.write(results)
        return "written"

    return ask
