"""The cron line is read in UTC: the report comes hours off, and after a change of the clocks an hour more. Give the
schedule its timezone."""

FAILS = ["test_values"]


def scheduled(flow, name, at, timezone, days):
    hour, minute = at.split(":")
    weekdays = ",".join(days) or "*"
    return flow.to_deployment(
        name,
        cron=f"{minute} {hour} * * {weekdays}",
        parameters={"shop": name},
        concurrency_limit=1,
    )
