"""An interval of 24 hours is no day: on the night on which the clocks change a day has 23 or 25 hours, and from then
on the report comes at another hour. A cron line with a time zone keeps the local time."""

import datetime
from zoneinfo import ZoneInfo

from prefect.schedules import Interval

FAILS = ["test_values"]
SIGN = r"Interval\(|interval="


def scheduled(flow, name, at, timezone, days):
    hour, minute = map(int, at.split(":"))
    first = datetime.datetime(2025, 1, 1, hour, minute, tzinfo=ZoneInfo(timezone))
    return flow.to_deployment(
        name,
        schedule=Interval(
            datetime.timedelta(hours=24), anchor_date=first.astimezone(datetime.UTC), timezone="UTC"
        ),
        parameters={"shop": name},
        concurrency_limit=1,
    )
