"""Each fetch is called and waited for before the next begins. Nothing is at once: submit the tasks, and ask for the
results afterwards."""

from prefect import flow, task

FAILS = ["test_at_once"]


def many(sources, limit, sink):
    @task
    def fetch(number):
        return sources[number].fetch()

    @flow
    def ask():
        results = []
        for number in range(len(sources)):
            state = fetch(number, return_state=True)
            results.append(state.result() if state.is_completed() else None)
        sink.write(results)
        return "written"

    return ask
