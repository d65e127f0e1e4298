"""Checks of `tune`: parameters chosen on later rows, and a test that is looked at once."""

from typing import Any

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.compare import same_number
from autograder.evidence import Result

EXERCISE = Exercise(
    id="mllib.tune",
    title="The penalty, and the test that waits",
    section="tuning",
    minutes=20,
    stretch=True,
    hints=(
        "Three stretches of time: rows to fit on, rows to compare on, and the test. MLlib's "
        "CrossValidator deals rows out at random, so it mixes the first two; a loop does not.",
        "One VectorAssembler for all. For each dictionary: LinearRegression(labelCol='hours', "
        "**params), fitted on the early rows of train, and the RMSE on the late ones by a "
        "RegressionEvaluator. A smaller RMSE is better.",
        "rmses = [evaluator.evaluate(fitted(params, early).transform(late)) for params in grid]; "
        "best = grid[rmses.index(min(rmses))]; then fitted(best, all rows of train), and one "
        "evaluate on test.",
    ),
)

MOST_TIMES = 2  # that a row of test is computed
COLUMNS = ("dispatched_at", "distance_km", "queue", "hours")
GRID = [
    {"regParam": 0.0, "elasticNetParam": 0.0},
    {"regParam": 1.0, "elasticNetParam": 1.0},
    {"regParam": 2.0, "elasticNetParam": 1.0},
    {"regParam": 4.0, "elasticNetParam": 1.0},
]
ROWS = {"tiny": 800, "small": 4_000}


def _parcels(shop: Shop, rows: int, early: float) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """train, test and the cut: a long queue meant slow parcels, until there was a second belt.

    So the queue helps on old rows and on any that are mixed with them, and misleads from the cut
    on. A penalty of 2 takes half of what the distance does, and most of what the queue does.
    `early` is the share of all rows that left before the cut.
    """
    draw = shop.random
    found = shop.load("deliveries", "dispatched_at", "distance_km").dropna().head(rows)
    found = found.sort_values("dispatched_at", kind="stable").reset_index(drop=True)
    found["dispatched_at"] = found["dispatched_at"].dt.floor("s")
    at = found["dispatched_at"]
    cut, end = at.iloc[int(early * len(found))], at.iloc[3 * len(found) // 4]
    far = (found["distance_km"] - found["distance_km"].mean()) / found["distance_km"].std()
    stretch = (at >= cut).astype(int) + (at >= end).astype(int)
    waiting = pd.Series(draw.normal(size=len(found)))
    for _, one in far.groupby(stretch):  # nothing about the distance by chance, or it decides
        own = waiting[one.index] - waiting[one.index].mean()
        own -= (own @ (one - one.mean())) / ((one - one.mean()) ** 2).sum() * (one - one.mean())
        waiting[one.index] = own / own.std()
    effect = stretch.map({0: 3.0, 1: -1.0, 2: -1.0})
    hours = 30 + 4 * far + effect * waiting + 1.5 * draw.normal(size=len(found))
    found = found.assign(queue=(40 + 12 * waiting).round(2), hours=hours.round(3))
    train, test = found[at < end], found[at >= end]
    return train, test, cut.strftime("%Y-%m-%d %H:%M:%S")


def _call(shop: Shop, train: pd.DataFrame, test: pd.DataFrame, grid: Any, cut: str) -> Call:
    mixed = train.sample(frac=1.0, random_state=int(shop.random.integers(0, 2**31)))
    counted = Made("counted", (test[list(COLUMNS)],), shown="test")
    train_given = shop.spark_of(mixed[list(COLUMNS)])
    return Call(train_given, counted, grid, cut, then=Then("with_rows_computed"), seconds=180)


def parcels(shop: Shop) -> list[Call]:
    """A grid whose best is neither the first nor the last; a short one where a learner waits."""
    train, test, cut = _parcels(shop, ROWS[shop.size], 0.5)
    none, one, two, four = GRID
    if shop.size == "tiny":
        grid = [one, two, four]
    else:
        grid = [none, two, one, four] if shop.random.integers(0, 2) else [four, one, two, none]
    return [_call(shop, train, test, grid, cut)]


def edges(shop: Shop) -> list[Call]:
    """All later rows left at the cut itself."""
    train, test, cut = _parcels(shop, 300, 0.25)
    at = pd.Timestamp(cut, tz="UTC")
    train = train.assign(
        dispatched_at=train["dispatched_at"].where(train["dispatched_at"] <= at, at)
    )
    return [_call(shop, train, test, [GRID[0], GRID[2]], cut)]


CASES = {
    "parcels": Case(parcels, self_check=("tiny",), grading=("small",), spark=True),
    "edges": Case(edges, self_check=("tiny",), grading=(), spark=True),
}


def _best(returned: Any, wanted: dict[str, Any]) -> None:
    have = returned["answer"]
    expect(
        isinstance(have, dict) and set(have) == {"best", "rmse"},
        "A dictionary with the keys best and rmse was expected.",
        f"returned: {have!r:.200}",
    )
    best, want = have["best"], wanted["answer"]["best"]
    expect(
        best == want,
        f"{want} is the best of the grid, and {best!r:.120} came back.",
        advice="Fit on the rows of train before the cut, compare on those from the cut on, and "
        "take the smallest RMSE.",
    )


def _rmse(returned: Any, wanted: dict[str, Any]) -> None:
    same_number(
        returned["answer"]["rmse"],
        wanted["answer"]["rmse"],
        relative=1e-3,
        what="the RMSE on test",
        unit="h",
        advice="The best parameters are known; now fit the model anew, on all rows of train.",
    )


@pytest.mark.case("parcels")
@pytest.mark.points(4)
def test_best(result: Result, expected: Result) -> None:
    _best(result.value, expected.value)


@pytest.mark.case("parcels")
@pytest.mark.points(2)
@pytest.mark.depends("test_best")
def test_rmse(result: Result, expected: Result) -> None:
    _best(result.value, expected.value)
    _rmse(result.value, expected.value)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        _best(returned, wanted)
        _rmse(returned, wanted)


@pytest.mark.case("parcels")
@pytest.mark.points(2)
@pytest.mark.depends("test_rmse")
def test_the_test_waits(result: Result, expected: Result) -> None:
    value = result.value
    _rmse(value, expected.value)
    computed, rows = value["computed"], value["rows"]
    expect(
        computed <= MOST_TIMES * rows,
        f"The {rows:,} rows of test were computed {computed / rows:.1f} times over; at most "
        f"{MOST_TIMES} times are allowed.",
        f"the reference computes them {expected.value['computed'] / rows:.1f} times",
        advice="The test is for the model that has been chosen. Who looks at it for every "
        "dictionary of the grid chooses by it.",
    )
