"""The local time is reckoned into UTC with the offset of one day. In half of the year that is another offset, and the
report comes an hour early or late. Give the schedule the time zone and the local time."""

import datetime
from zoneinfo import ZoneInfo

from prefect.schedules import Cron

FAILS = ["test_values"]


def scheduled(flow, name, at, timezone, days):
    hour, minute = map(int, at.split(":"))
    local = datetime.datetime(2025, 1, 15, hour, minute, tzinfo=ZoneInfo(timezone))
    utc = local.astimezone(datetime.UTC)
    weekdays = ",".join(days) or "*"
    return flow.to_deployment(
        name,
        schedule=Cron(f"{utc.minute} {utc.hour} * * {weekdays}", timezone="UTC"),
        parameters={"shop": name},
        concurrency_limit=1,
    )
