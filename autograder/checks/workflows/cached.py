"""Checks of `cached`: what was fetched once is not fetched again by a later run."""

from typing import Any

import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.checks.workflows._flows import called, ended, runs_of, some_orders, states
from autograder.evidence import Result

EXERCISE = Exercise(
    id="workflows.cached",
    title="Do not ask twice",
    section="do-not-ask-twice",
    minutes=12,
    hints=(
        "By default a task's result is remembered within one run at most. What decides is the "
        "cache policy: from what is the key made under which a result is kept?",
        "The key has to depend on the day and on nothing that changes from run to run. "
        "cache_policy=INPUTS does that for a task whose only argument is the day.",
        "from prefect.cache_policies import INPUTS; @task(cache_policy=INPUTS, "
        "persist_result=True). For a fresh fetch: fetch.with_options(refresh_cache=True)(day).",
    ),
)

FIRST, SECOND = "2025-03-01", "2025-03-02"


def runs(shop: Shop) -> list[Call]:
    orders = some_orders(shop, 24)
    versions = {
        FIRST: [orders[:n] for n in (6, 8, 10, 12, 14)],
        SECOND: [orders[14:n] for n in (18, 20, 22)],
    }
    days = [
        {"day": FIRST}, {"day": FIRST}, {"day": SECOND},
        {"day": FIRST, "refresh": True}, {"day": FIRST}, {"day": SECOND},
    ]  # fmt: skip
    return [
        Call(
            Made("till", (versions,), shown="source"),
            Made("sink", shown="sink"),
            then=Then("visits", (days,)),
            seconds=60,
        )
    ]


CASES = {"runs": Case(runs, self_check=("tiny",), grading=("small",), prefect=True)}


def _rows(value: dict[str, list[list[object]]], number: int) -> object:
    written = value["written"]
    expect(
        len(written) > number,
        f"After {number + 1} runs, {len(written)} reports were written: each run should write one.",
        advice="load has to run each time: only the fetch is cached.",
    )
    return written[number]


def _same(value: object, wanted: object, when: str) -> None:
    expect(
        value == wanted,
        f"{when}, what was written is not what should be known then.",
        f"written:  {_shown(value)}",
        f"expected: {_shown(wanted)}",
    )


def _shown(written: Any) -> str:
    """The orders that were written in one call, by their ids where they are orders."""
    match written:
        case [[*orders]] if all(isinstance(one, dict) for one in orders):
            return f"{len(orders)} orders, {[one.get('order_id') for one in orders]}"[:300]
    return str(written)[:300]


@pytest.mark.case("runs")
@pytest.mark.points(3)
def test_values(result: Result, expected: Result) -> None:
    """The first run of each day."""
    value, wanted = result.value, expected.value
    ended(runs_of(value)[0], "COMPLETED", "The first run")
    for run in runs_of(value):
        expect(
            not any(one.cached for one in called(run, "load")),
            "The task load ended Cached, so in that run nothing was written.",
            *states(run),
            advice="load has to run each time: only the fetch is cached.",
        )
    for number, when in ((0, "In the first run"), (2, "In the first run for another day")):
        _same(_rows(value, number), _rows(wanted, number), when)


@pytest.mark.case("runs")
@pytest.mark.points(3)
@pytest.mark.depends("test_values")
def test_not_fetched_again(result: Result, expected: Result) -> None:
    value, wanted = result.value, expected.value
    first, again, other = value["calls"][:3]
    expect(
        first == 1 and other == 1,
        f"A day's first run should ask the source once; it asked {first} and {other} times.",
    )
    expect(
        again == 0 and value["calls"][5] == 0,
        f"A second run for a day should not ask the source; it asked {again + value['calls'][5]} "
        "times.",
        *states(runs_of(value)[1]),
        advice="The result has to outlive the run: a policy without the run's id, and "
        "persist_result=True.",
    )
    for number in (1, 5):
        _same(_rows(value, number), _rows(wanted, number), "In a second run for a day")


@pytest.mark.case("runs")
@pytest.mark.points(2)
@pytest.mark.depends("test_not_fetched_again")
def test_refresh(result: Result, expected: Result) -> None:
    value, wanted = result.value, expected.value
    asked = value["calls"][3]
    expect(
        asked == 1,
        f"With refresh=True the source should be asked once; it was asked {asked} times.",
    )
    _same(_rows(value, 3), _rows(wanted, 3), "With refresh=True")
    expect(
        value["calls"][4] == 0,
        "After a refresh, a plain run asked the source again.",
    )
    _same(_rows(value, 4), _rows(wanted, 4), "In a plain run after a refresh")


@pytest.mark.case("runs")
@pytest.mark.points(2)
@pytest.mark.depends("test_not_fetched_again")
def test_seen_in_the_states(result: Result) -> None:
    """The fetch of a second run is Cached, and only the fetch."""
    run = runs_of(result.value)[1]
    fetches, loads = called(run, "fetch"), called(run, "load")
    expect(
        len(fetches) == 1 and fetches[0].cached,
        "In a second run for a day, the task fetch should be there once and end as Cached.",
        *states(run),
        advice="Let Prefect's cache do it: then a run shows what it did not have to do.",
    )
    expect(
        len(loads) == 1 and not loads[0].cached,
        "load should run each time, and never be Cached.",
        *states(run),
    )
