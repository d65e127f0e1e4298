"""Weekdays are numbered from Monday as 0. In a cron line 0 is Sunday, so every run comes a day early. Write the names
of the weekdays, which cannot be miscounted."""

from prefect.schedules import Cron

FAILS = ["test_weekdays"]
NUMBERS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def scheduled(flow, name, at, timezone, days):
    hour, minute = at.split(":")
    weekdays = ",".join(str(NUMBERS.index(day)) for day in days) or "*"
    return flow.to_deployment(
        name,
        schedule=Cron(f"{minute} {hour} * * {weekdays}", timezone=timezone),
        parameters={"shop": name},
        concurrency_limit=1,
    )
