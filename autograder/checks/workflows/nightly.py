"""Checks of `nightly`: Spark cleans, MLlib learns, Prefect runs it."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.checks.workflows._flows import ended, runs_of, states
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="workflows.nightly",
    title="The whole night",
    section="the-whole-in-small",
    minutes=30,
    stretch=True,
    hints=(
        "Give each task something small and give on something small: a path, a number. A Spark "
        "frame is a plan tied to its session, and cannot be kept or sent.",
        "Three tasks: fetch with retries, which returns a path; clean, which writes a cleaned "
        "Parquet folder and returns its path; forecast, which reads it, fits and writes.",
        "Train on rows with hours and dispatched before the day: F.to_date('dispatched_at') < day. "
        "Predict the rows of the day, and write with mode('overwrite') to the day's own folder.",
    ),
)

COLUMNS = ["order_id", "distance_km", "weight_g", "dispatched_at", "hours"]


def _deliveries(shop: Shop) -> tuple[pd.DataFrame, str]:
    """Some hundred deliveries up to a day, and the day. Holes and repeated rows are in them.

    The last day's deliveries that have arrived took unlike the others: who learns from them shows.
    So did the second parcels that some earlier orders have.
    """
    rows = shop.load("deliveries", *COLUMNS).head(600).sort_values("dispatched_at")
    rows = rows[rows["dispatched_at"].notna()].reset_index(drop=True)
    dates = rows["dispatched_at"].dt.strftime("%Y-%m-%d")
    counts = dates.iloc[len(rows) // 2 :].value_counts()
    day = min(counts[counts == counts.max()].index)
    rows = rows[dates <= day].reset_index(drop=True)
    today = dates.iloc[: len(rows)] == day
    rows.loc[today, "hours"] = rows.loc[today, "hours"] * 3 + 40
    second = rows[~today].iloc[2::5]
    second = second.assign(hours=second["hours"] + 24 + second["distance_km"] / 20)
    repeated = rows.iloc[::4]
    return pd.concat([rows, repeated, rows[today], second], ignore_index=True), str(day)


def _night(shop: Shop, runs: int, fails: int) -> list[Call]:
    frame, day = _deliveries(shop)
    return [
        Call(
            Made("drop", (shop.parquet_of(frame, "deliveries"), fails), shown="source"),
            Made("warehouse", shown='"warehouse"'),
            then=Then("nights", ([day] * runs,)),
            seconds=120,
        )
    ]


CASES = {
    "nights": Case(
        lambda shop: _night(shop, 2, 1),
        self_check=("tiny",), grading=("small",), spark=True, prefect=True,
    ),
    "never": Case(
        lambda shop: _night(shop, 1, 9),
        self_check=("tiny",), grading=(), spark=True, prefect=True,
    ),
}  # fmt: skip


def _same(returned: pd.DataFrame, wanted: pd.DataFrame) -> None:
    same_frame(
        returned,
        wanted,
        keys=["order_id"],
        relative=1e-6,
        absolute=1e-6,
        advice="All parcels of the day are forecast, also those that have arrived. Numbers that "
        "are all a little off are those of a model that learned from other rows than it should: "
        "those before the day, each once.",
    )


@pytest.mark.case("nights")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    """The first night; the source fails once."""
    value, wanted = result.value, expected.value
    ended(runs_of(value["facts"])[0], "COMPLETED", "The source failed once and then answered")
    _same(value["forecast 0"], wanted["forecast 0"])


@pytest.mark.case("nights")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_run_again(result: Result, expected: Result) -> None:
    """The same day again."""
    value, wanted = result.value, expected.value
    ended(runs_of(value["facts"])[1], "COMPLETED", "The same day was run again")
    _same(value["forecast 1"], wanted["forecast 1"])


@pytest.mark.case("never")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_gives_up(result: Result) -> None:
    facts = result.value["facts"]
    (run,) = runs_of(facts)
    ended(run, "FAILED", "The source never answered")
    expect(
        facts["calls"] == 4,
        "A source that never answers should be asked 4 times; it was asked "
        f"{facts['calls']} times.",
        *states(run),
    )


@pytest.mark.case("nights")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_in_tasks(result: Result) -> None:
    facts = result.value["facts"]
    first, again = runs_of(facts)
    for run in (first, again):
        expect(
            len(run.tasks) >= 3,
            f"Fetching, cleaning and forecasting should be tasks of their own; the run had "
            f"{len(run.tasks)}.",
            *states(run),
            advice="What is one task can only be repeated as a whole, and shows only as a whole.",
        )
    repeated = [one for one in first.tasks if one.attempts > 1]
    expect(
        len(repeated) == 1 and facts["calls"] == 3,
        f"The source failed once. One task should have had a second attempt; {len(repeated)} had, "
        f"and the source was asked {facts['calls']} times in two runs.",
        *states(first),
    )
