"""Checks of `load_day`: run it as often as you like, and break it where you like."""

from typing import Any

import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.checks.workflows._flows import called, runs_of, some_orders, states
from autograder.evidence import Result

EXERCISE = Exercise(
    id="workflows.load_day",
    title="Run it twice",
    section="idempotence",
    minutes=15,
    hints=(
        "Ask what the store holds after each line, if the program ends right there. Is there a "
        "moment at which the day's file is half written, or gone?",
        "Write to a file of another name first. Only when it is whole give it the day's name: "
        "a rename happens at once or not at all.",
        "store.write(f'{name}.part', text), then store.rename(f'{name}.part', name). The same "
        "temporary name each time, so that what a broken run left is written over.",
    ),
)

FIRST, SECOND = "2025-03-01", "2025-03-02"
# What happens, run by run. Before the first and the fourth the store is told to fail.
DAYS = [FIRST, FIRST, SECOND, FIRST, FIRST]
FAILING = [0, 3]


def nights(shop: Shop) -> list[Call]:
    """Two days; orders of the first come late, so each fetch of it gives another version."""
    orders = some_orders(shop, 30)
    versions = {FIRST: [orders[:n] for n in (8, 10, 12, 14)], SECOND: [orders[20:]]}
    return [
        Call(
            Made("till", (versions,), shown="source"),
            Made("store", shown="store"),
            then=Then("loads", (DAYS, FAILING)),
            seconds=60,
        )
    ]


def quiet(shop: Shop) -> list[Call]:
    """A day without orders."""
    return [
        Call(
            Made("till", ({FIRST: [[]]},), shown="source"),
            Made("store", shown="store"),
            then=Then("loads", ([FIRST, FIRST], [])),
            seconds=60,
        )
    ]


CASES = {
    "nights": Case(nights, self_check=("tiny",), grading=("small",), prefect=True),
    "quiet": Case(quiet, self_check=("tiny",), grading=("small",), prefect=True),
}


def _name(day: str) -> str:
    return f"orders-{day}.json"


def _ids(rows: object) -> object:
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return [row.get("order_id") for row in rows]
    return rows


def _holds(value: dict[str, Any], run: int, day: str, wanted: object, when: str) -> None:
    """Raise `Gap` unless after `run` the file of `day` holds the rows that are `wanted`."""
    after = value["after"][run]
    found = after.get(_name(day))
    expect(_name(day) in after, f"{when}, there is no file {_name(day)}: {sorted(after)}.")
    expect(
        found == wanted,
        f"{when}, {_name(day)} does not hold the orders of that day's latest fetch.",
        f"order_id there: {str(_ids(found))[:300]}",
        f"expected:       {str(_ids(wanted))[:300]}",
        f"source.fetch was called {value['calls']} times in {len(value['after'])} runs",
        advice="A day that is there is loaded anew, too. A run asks the source once: a flow that "
        "is tried again asks again, and a task whose result is cached does not ask.",
    )


@pytest.mark.case("nights")
@pytest.mark.points(3)
def test_values(result: Result, expected: Result) -> None:
    """Two days are loaded, each into its own file."""
    wanted = expected.value["after"][2]
    for day in (SECOND, FIRST):
        _holds(result.value, 2, day, wanted[_name(day)], "After a run for the second day")


@pytest.mark.case("nights")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_run_again(result: Result, expected: Result) -> None:
    """The first day is loaded again, when late orders have come in."""
    wanted = expected.value["after"][4]
    for day in (FIRST, SECOND):
        _holds(result.value, 4, day, wanted[_name(day)], "After another run")


@pytest.mark.case("quiet")
@pytest.mark.points(2)
def test_a_quiet_day(result: Result, expected: Result) -> None:
    """No orders: the file says so."""
    _holds(result.value, 1, FIRST, [], "After two runs for a day without orders")


@pytest.mark.case("nights")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_never_half(result: Result) -> None:
    """Whoever reads at any moment finds a day's file whole, old or new, and never gone again."""
    value = result.value
    expect(
        not value["torn"],
        f"At some moment {value['torn'][:1]} could be read half written.",
        advice="Write under another name, and give the file its own name when it is whole.",
    )
    expect(
        not value["gone"],
        f"At some moment {value['gone'][:1]} was gone, although it had been there before.",
        advice="Do not delete the old file first: a rename puts the new one in its place at once.",
    )


@pytest.mark.case("nights")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_says_what_happened(result: Result) -> None:
    """A run whose write broke and was not made good is FAILED, and leaves nothing behind later."""
    value = result.value
    runs = runs_of(value)
    good = [len(called(run, "extract")) == 1 and len(called(run, "load")) == 1 for run in runs]
    expect(
        all(good),
        "Each run should have one task run of extract and one of load.",
        *states(runs[good.index(False) if False in good else 0]),
    )
    for number, before in ((0, 0), (3, 2)):
        kept = value["after"][number].get(_name(FIRST))
        old = value["after"][before].get(_name(FIRST)) if number else None
        expect(
            runs[number].state == "FAILED" or kept != old,
            "The write broke, the old orders are still there, and the run ended COMPLETED.",
            *states(runs[number]),
            advice="Let the error out: a run that could not do its work has to say so.",
        )
    left = sorted(set(value["after"][4]) - {_name(FIRST), _name(SECOND)})
    expect(
        not left,
        f"Besides the days' files there is still: {', '.join(left[:3])}.",
        advice="Use the same temporary name in each run, and let the rename take it away.",
    )
