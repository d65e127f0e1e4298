"""A recurrence rule in the branch's time zone."""

from prefect.schedules import RRule


def scheduled(flow, name, at, timezone, days):
    hour, minute = map(int, at.split(":"))
    rule = f"DTSTART:20240101T{hour:02d}{minute:02d}00\nRRULE:FREQ=DAILY"
    if days:
        rule += ";BYDAY=" + ",".join(day[:2].upper() for day in days)
    return flow.to_deployment(
        name,
        schedule=RRule(rule, timezone=timezone),
        parameters={"shop": name},
        concurrency_limit=1,
    )
