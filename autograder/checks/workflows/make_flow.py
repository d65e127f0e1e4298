"""Checks of `make_flow`: a flow of three tasks with a typed parameter."""

import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.checks.workflows._flows import called, ended, has_tasks, runs_of, some_orders
from autograder.compare import same_value
from autograder.evidence import Result

EXERCISE = Exercise(
    id="workflows.make_flow",
    title="Three tasks and a flow",
    section="flows-and-tasks",
    minutes=12,
    hints=(
        "Two things are missing: what transform computes, and the flow that puts the three tasks "
        "together. Inside a flow a task is called like a function.",
        "In transform, go over the orders, leave out those whose city is None, and add each "
        "amount_cents to the sum of its city: totals[city] = totals.get(city, 0) + cents.",
        "The flow has one parameter, day: datetime.date. Its body is three calls: extract(day), "
        "transform of what came back, and load(day, ...) of that.",
    ),
)

DAY, EMPTY = "2025-03-01", "2025-03-02"


def days(shop: Shop) -> list[Call]:
    """A day with orders, a day with none, and a day that is no date."""
    till = {DAY: some_orders(shop, 40), EMPTY: [{"order_id": 1, "city": None, "amount_cents": 5}]}
    parameters = [{"day": DAY}, {"day": EMPTY}, {"day": "tomorrow"}]
    return [
        Call(
            Made("source", (till,), shown="source"),
            Made("sink", shown="sink"),
            then=Then("runs", (parameters,)),
            seconds=60,
        )
    ]


CASES = {"days": Case(days, self_check=("tiny",), grading=("small",), prefect=True)}


@pytest.mark.case("days")
@pytest.mark.points(4)
def test_values(result: Result, expected: Result) -> None:
    value, wanted = result.value, expected.value
    ended(runs_of(value)[0], "COMPLETED", f"A run for {DAY}")
    written = value["written"][:1]
    expect(bool(written), "Nothing was written for a day with orders.")
    expect(
        len(written[0]) == 2 and written[0][0] == DAY,
        "sink.write(day, report) was not called with the day and the report.",
        f"written: {str(written[0])[:200]}",
    )
    expect(
        isinstance(written[0][1], dict),
        "The report is not a dictionary from city to cents.",
        f"written: {str(written[0][1])[:200]}",
    )
    same_value(written[0][1], wanted["written"][0][1])


@pytest.mark.case("days")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_edges(result: Result, expected: Result) -> None:
    """A day whose only order has no city: an empty report is written all the same."""
    value = result.value
    ended(runs_of(value)[1], "COMPLETED", "A day whose only order has no city")
    expect(
        value["written"][1:2] == [[EMPTY, {}]],
        "A day whose only order has no city should write an empty report.",
        f"written: {value['written'][1:2]}",
    )


@pytest.mark.case("days")
@pytest.mark.points(3)
@pytest.mark.depends("test_values")
def test_tasks(result: Result) -> None:
    value = result.value
    run = runs_of(value)[0]
    expect(
        value["before"] == 0,
        f"source.fetch was called {value['before']} times before the flow was run.",
        advice="make_flow only describes the work. Whatever stands in a task's body waits for "
        "the run; what stands beside it happens at once.",
    )
    has_tasks(run, ["extract", "transform", "load"])
    order = [called(run, name)[0].start or 0.0 for name in ("extract", "transform", "load")]
    expect(order == sorted(order), "The tasks did not begin in the order in which they need data.")


@pytest.mark.case("days")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_parameter(result: Result) -> None:
    value = result.value
    run = runs_of(value)[2]
    expect(
        run.state != "COMPLETED" and not run.tasks and value["calls"] - value["before"] <= 2,
        f"Run with day='tomorrow', the flow began its work: {len(run.tasks)} tasks ran.",
        advice="Give the parameter its type, day: datetime.date. Prefect then refuses what is no "
        "date before any task runs.",
    )
