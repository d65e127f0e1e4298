"""The same, asynchronously."""

from prefect import flow, task


def patient(source, sink, delay):
    async def worth_it(task, run, state):
        error = await state.aresult(raise_on_failure=False)
        return not isinstance(error, LookupError)

    @task
    async def announce():
        sink.announce()

    @task(
        retries=3,
        retry_delay_seconds=lambda retries: [delay] * retries,
        retry_condition_fn=worth_it,
    )
    async def extract():
        return source.fetch()

    @task
    async def load(orders):
        sink.write(orders)

    @flow
    async def night():
        await announce()
        await load(await extract())

    return night
