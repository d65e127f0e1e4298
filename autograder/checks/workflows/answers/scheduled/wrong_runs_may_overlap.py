"""Nothing keeps two runs apart: when one takes longer than until the next, both write. Give concurrency_limit=1."""

from prefect.schedules import Cron

FAILS = ["test_one_at_a_time"]


def scheduled(flow, name, at, timezone, days):
    hour, minute = at.split(":")
    return flow.to_deployment(
        name,
        schedule=Cron(f"{minute} {hour} * * {','.join(days) or '*'}", timezone=timezone),
        parameters={"shop": name},
    )
