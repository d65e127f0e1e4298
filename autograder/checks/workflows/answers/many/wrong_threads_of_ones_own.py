"""The threads are your own, inside one task. They are at once, and Prefect sees one task run: none of the fetches can
be seen, tried again or found in the list of what failed. Submit a task for each source."""

from concurrent.futures import ThreadPoolExecutor

from prefect import flow, task

FAILS = ["test_one_fails", "test_at_once"]


def many(sources, limit, sink):
    def one(source):
        try:
            return source.fetch()
        except ConnectionError:
            return None

    @task
    def fetch_all():
        with ThreadPoolExecutor(limit) as pool:
            return list(pool.map(one, sources))

    @flow
    def ask():
        sink.write(fetch_all())

    return ask
