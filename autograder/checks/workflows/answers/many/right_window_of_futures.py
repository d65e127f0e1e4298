"""Never more submitted than may run: a new one when one is done."""

import threading

from prefect import flow, task


def many(sources, limit, sink):
    room = threading.Semaphore(limit)

    @task
    def fetch(one):
        try:
            return one.fetch()
        finally:
            room.release()

    @flow
    def ask():
        futures = []
        for one in sources:
            room.acquire()
            futures.append(fetch.submit(one))
        results = []
        for future in futures:
            try:
                results.append(future.result())
            except ConnectionError:
                results.append(None)
        sink.write(results)
        return len(results)

    return ask
