"""Asynchronous tasks behind a semaphore; each fetch on a thread."""

import asyncio

from prefect import flow, task


def many(sources, limit, sink):
    @task
    async def fetch(number):
        return await asyncio.to_thread(sources[number].fetch)

    @flow
    async def ask():
        room = asyncio.Semaphore(limit)

        async def one(number):
            async with room:
                return await fetch(number)

        work = [one(number) for number in range(len(sources))]
        found = await asyncio.gather(*work, return_exceptions=True)
        sink.write([None if isinstance(one, BaseException) else one for one in found])

    return ask
