"""Checks of `scheduled`: a deployment, and when its runs begin on both sides of a clock change."""

import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.evidence import Result

EXERCISE = Exercise(
    id="workflows.scheduled",
    title="Every morning at half past four",
    section="schedules",
    minutes=12,
    stretch=True,
    hints=(
        "flow.to_deployment makes a deployment without serving it: nothing waits and nothing "
        "blocks. It takes a name, parameters, a schedule and a concurrency_limit.",
        "A cron line has five fields: minute, hour, day of the month, month, day of the week. "
        "prefect.schedules.Cron takes it together with a timezone.",
        "Cron(f'{minute} {hour} * * {days}', timezone=timezone), where days is '*' or the names "
        "of the weekdays with commas between them: 'mon,thu'.",
    ),
)

# Each with two clock changes, or none: the moments from which the next runs are asked for.
CLOCKS = {
    "Europe/Berlin": ["2025-03-27T12:00:00+00:00", "2025-10-23T12:00:00+00:00"],
    "America/New_York": ["2025-03-06T12:00:00+00:00", "2025-10-30T12:00:00+00:00"],
    "Australia/Sydney": ["2025-04-03T12:00:00+00:00", "2025-10-02T12:00:00+00:00"],
    "Asia/Kolkata": ["2025-03-27T12:00:00+00:00", "2025-10-23T12:00:00+00:00"],
}
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MANY = 6


def _call(shop: Shop, zone: str, days: list[str]) -> Call:
    draw = shop.random
    at = f"{int(draw.integers(4, 8)):02d}:{int(draw.integers(1, 60)):02d}"
    name = str(draw.choice(["Lyon", "Graz", "Porto", "Turku"]))
    return Call(
        Made("pipeline", shown="flow"),
        name,
        at,
        zone,
        days,
        then=Then("dates", (CLOCKS[zone], MANY)),
        seconds=60,
    )


def daily(shop: Shop) -> list[Call]:
    return [_call(shop, zone, []) for zone in CLOCKS]


def weekly(shop: Shop) -> list[Call]:
    """One day, several days, all days by name, each in a zone of its own."""
    few = sorted({int(day) for day in shop.random.choice(7, size=3, replace=False)})
    return [
        _call(shop, "Europe/Berlin", ["sun"]),
        _call(shop, "America/New_York", [NAMES[day] for day in few]),
        _call(shop, "Asia/Kolkata", list(NAMES)),
    ]


CASES = {
    "daily": Case(daily, self_check=("tiny",), grading=("small",), prefect=True),
    "weekly": Case(weekly, self_check=("tiny",), grading=("small",), prefect=True),
}


def _same_dates(result: Result, expected: Result) -> None:
    for call, value, wanted in zip(result.calls, result.each(), expected.values, strict=True):
        _, _, at, zone, days = call.arguments
        every = f"on {', '.join(days)}" if days else "every day"
        for start, got, want in zip(CLOCKS[zone], value["dates"], wanted["dates"], strict=True):
            expect(
                got == want,
                f"At {at} {every} in {zone}: the runs after {start[:10]} begin at other times.",
                f"returned: {', '.join(got) or 'none'}",
                f"expected: {', '.join(want)}",
            )


@pytest.mark.case("daily")
@pytest.mark.points(4)
def test_values(result: Result, expected: Result) -> None:
    """Every day, before and after the clocks change."""
    _same_dates(result, expected)


@pytest.mark.case("weekly")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_weekdays(result: Result, expected: Result) -> None:
    _same_dates(result, expected)


@pytest.mark.case("daily")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_parameters(result: Result, expected: Result) -> None:
    """The deployment runs the given flow, under its name and with its parameters."""
    for value, wanted in zip(result.each(), expected.values, strict=True):
        for key in ("flow", "name", "parameters"):
            expect(
                value[key] == wanted[key],
                f"The deployment's {key} should be {wanted[key]!r}; it is {value[key]!r}.",
            )


@pytest.mark.case("daily")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_one_at_a_time(result: Result) -> None:
    for value in result.each():
        expect(
            value["limit"] == 1,
            f"The deployment lets {value['limit'] or 'any number of'} runs be under way at once.",
            advice="concurrency_limit=1: a run that takes too long makes the next one wait.",
        )
