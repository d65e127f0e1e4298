"""The loop tries again by itself. It works, and nobody sees it: the task run shows one attempt, and a run that hangs
in its third try looks like one that hangs in its first. Let Prefect do the retries."""

import time

from prefect import flow, task

FAILS = ["test_seen_in_the_states"]


def patient(source, sink, delay):
    @task
    def announce():
        sink.announce()

    @task
    def extract():
        for left in (3, 2, 1, 0):
            try:
                return source.fetch()
            except LookupError:
                raise
            except Exception:
                if not left:
                    raise
                time.sleep(delay)

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def night():
        announce()
        load(extract())

    return night
