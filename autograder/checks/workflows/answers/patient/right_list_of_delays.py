"""A delay for each try, and a condition that looks at the exception itself."""

from prefect import flow, task


def patient(source, sink, delay):
    def worth_it(task, run, state):
        try:
            state.result()
        except LookupError:
            return False
        except Exception:
            return True
        return True

    announce = task(sink.announce, name="announce")

    @task(retries=3, retry_delay_seconds=[delay, delay, delay], retry_condition_fn=worth_it)
    def extract():
        return source.fetch()

    @task(retries=0)
    def load(orders):
        sink.write(orders)

    @flow
    def night():
        announce()
        orders = extract()
        load(orders)

    return night
