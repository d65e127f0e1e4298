"""Several schedules, and a limit with a strategy."""

from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.schedules import Cron


def scheduled(flow, name, at, timezone, days):
    hour, minute = at.split(":")
    every = days or ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    clocks = [Cron(f"{minute} {hour} * * {day}", timezone=timezone) for day in every]
    return flow.to_deployment(
        name=name,
        schedules=clocks,
        parameters={"shop": name},
        concurrency_limit=ConcurrencyLimitConfig(limit=1),
    )
