"""One function, two tasks: one looks into the cache, one writes it anew. They share the key."""

import datetime

from prefect import flow, task


def cached(source, sink):
    def fetch(day):
        return source.fetch(day)

    def key(context, parameters):
        return parameters["day"].isoformat()

    keep = {"cache_key_fn": key, "persist_result": True, "cache_expiration": datetime.timedelta(1)}
    look, renew = task(fetch, **keep), task(fetch, refresh_cache=True, **keep)
    load = task(sink.write, name="load")

    @flow
    def report(day: datetime.date, refresh: bool = False):
        load((renew if refresh else look)(day))

    return report
