"""The deployment has no parameters, so its runs begin without a shop, and each of them is refused. Give
parameters={"shop": name}."""

from prefect.schedules import Cron

FAILS = ["test_parameters"]


def scheduled(flow, name, at, timezone, days):
    hour, minute = at.split(":")
    return flow.to_deployment(
        name,
        schedule=Cron(f"{minute} {hour} * * {','.join(days) or '*'}", timezone=timezone),
        concurrency_limit=1,
    )
