"""A cron line begins with the minute, and the hour comes after it. These are the other way round."""

from prefect.schedules import Cron

FAILS = ["test_values"]


def scheduled(flow, name, at, timezone, days):
    hour, minute = at.split(":")
    weekdays = ",".join(days) or "*"
    return flow.to_deployment(
        name,
        schedule=Cron(f"{int(hour)} {int(minute) % 24} * * {weekdays}", timezone=timezone),
        parameters={"shop": name},
        concurrency_limit=1,
    )
