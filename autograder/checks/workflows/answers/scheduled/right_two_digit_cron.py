"""CronSchedule from the client's schemas, with numbers for the weekdays."""

from prefect.client.schemas.schedules import CronSchedule

NUMBERS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}


def scheduled(flow, name, at, timezone, days):
    weekdays = ",".join(str(NUMBERS[day]) for day in days) if days else "*"
    clock = CronSchedule(cron=f"{at[3:]} {at[:2]} * * {weekdays}", timezone=timezone)
    return flow.to_deployment(
        name=name, schedules=[clock], parameters={"shop": name}, concurrency_limit=1
    )
