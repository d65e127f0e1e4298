"""Checks of `morning_report`: what a run's final state says, under four kinds of mornings."""

import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.checks.workflows._flows import ended, runs_of, some_orders, states
from autograder.compare import same_value
from autograder.evidence import Result

EXERCISE = Exercise(
    id="workflows.morning_report",
    title="Green must mean good",
    section="states",
    minutes=15,
    hints=(
        "Look at what the given flow does with its futures: it waits for them and asks none for "
        "its result. A flow's state comes from what it returns and what is raised in it.",
        "future.result() raises where the task failed, and an exception that nobody catches "
        "makes the flow FAILED. That is right for the orders and for the writing.",
        "For the reviews, catch the exception around .result(), go on with None, and call "
        "create_markdown_artifact(markdown='...', key='missing-reviews') from "
        "prefect.artifacts.",
    ),
)

SCENES: dict[str, tuple[list[str], int]] = {
    "clean": ([], 0),
    "no_orders": (["orders"], 0),
    "no_reviews": (["reviews"], 0),
    "no_room": ([], 1),
}


def _scene(name: str, reviews: int = 5) -> Case:
    failing, full = SCENES[name]

    def calls(shop: Shop) -> list[Call]:
        orders = some_orders(shop, 20)
        given = [{"stars": int(star)} for star in shop.random.integers(1, 6, size=reviews)]
        return [
            Call(
                Made("desk", (orders, given, failing), shown="source"),
                Made("sink", (full,), shown="sink"),
                then=Then("runs", ([{}],)),
                seconds=60,
            )
        ]

    return Case(calls, self_check=("tiny",), grading=("small",), prefect=True)


CASES = {name: _scene(name) for name in SCENES} | {"empty": _scene("clean", reviews=0)}


@pytest.mark.case("clean")
@pytest.mark.points(2)
def test_values(result: Result, expected: Result) -> None:
    value = result.value
    (run,) = runs_of(value)
    ended(run, "COMPLETED", "Everything was there")
    same_value(value["written"], expected.value["written"])


@pytest.mark.case("empty")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_no_reviews_given(result: Result, expected: Result) -> None:
    """A morning on which the reviews are there and empty: nothing failed, nothing is warned of."""
    value = result.value
    (run,) = runs_of(value)
    ended(run, "COMPLETED", "The list of reviews was empty")
    same_value(value["written"], expected.value["written"])
    expect(
        run.artifacts == 0,
        f"The reviews were there, and empty; {run.artifacts} artifact was made all the same.",
        advice="An empty list is an answer. Only a failure is worth a warning.",
    )


@pytest.mark.case("no_orders")
@pytest.mark.points(3)
@pytest.mark.depends("test_values")
def test_needed(result: Result) -> None:
    value = result.value
    (run,) = runs_of(value)
    ended(run, "FAILED", "The orders could not be fetched")
    expect(value["written"] == [], "A report was written although its orders were missing.")


@pytest.mark.case("no_room")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_not_written(result: Result) -> None:
    (run,) = runs_of(result.value)
    ended(run, "FAILED", "sink.write failed")


@pytest.mark.case("no_reviews")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_optional(result: Result, expected: Result) -> None:
    value = result.value
    (run,) = runs_of(value)
    ended(run, "COMPLETED", "Only the reviews could not be fetched")
    same_value(value["written"], expected.value["written"])
    expect(
        run.artifacts == 1,
        f"When the reviews are missing, one artifact should say so; there are {run.artifacts}.",
    )


@pytest.mark.case("no_reviews")
@pytest.mark.points(1)
@pytest.mark.depends("test_optional")
def test_the_failure_stays_in_sight(result: Result) -> None:
    """The task of the reviews is FAILED, although the flow is not."""
    (run,) = runs_of(result.value)
    failed = [one for one in run.tasks if one.state == "FAILED"]
    expect(
        len(failed) == 1,
        f"The task that fetched the reviews should be FAILED; {len(failed)} tasks are.",
        *states(run),
        advice="Let the task raise, and deal with it in the flow. An error that is caught inside "
        "the task leaves a task that says COMPLETED.",
    )
