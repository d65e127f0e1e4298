"""Checks of `split_by_time`: what was before a time, and all that was not."""

from typing import Any

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.checks.mllib._frames import deliveries, same_pair
from autograder.evidence import Result

EXERCISE = Exercise(
    id="mllib.split_by_time",
    title="Before and after",
    section="split-by-time",
    minutes=8,
    hints=(
        "Two conditions, one for each frame. Every row has to meet exactly one of them: what about "
        "the cut itself, and what about a parcel that has no time yet?",
        "A comparison with null is null, and where() keeps only what is true. So not(left < time) "
        "does not keep the rows without a time: isNull() does.",
        "train = deliveries.where(left < time); test = deliveries.where(left.isNull() | "
        "(left >= time)).",
    ),
)

COLUMNS = ("order_id", "courier", "dispatched_at", "delivered_at", "hours")
ADVICE = (
    "A parcel that left before the cut belongs to train. All others belong to test, those that "
    "left at the cut, and those that have not left yet, too."
)


def the_shop(shop: Shop) -> list[Call]:
    """The shop's deliveries; some have not left, some left at the cut, some that day before it."""
    rows = deliveries(shop, 5_000, *COLUMNS).sort_values("dispatched_at", ignore_index=True)
    day = rows["dispatched_at"].iloc[len(rows) * 3 // 4].floor("D")
    cut = day + pd.Timedelta(hours=13, minutes=30)
    rows.loc[rows.index[::97], "dispatched_at"] = cut
    rows.loc[rows.index[11::83], "dispatched_at"] = day + pd.Timedelta(hours=9)
    rows.loc[rows.index[5::41], "dispatched_at"] = pd.NaT
    rows = rows.sample(len(rows), random_state=shop.random)
    return [Call(shop.spark_of(rows), f"{cut:%Y-%m-%d %H:%M:%S}")]


def edges(shop: Shop) -> list[Call]:
    """Rows around the cut, rows that are alike, one side empty, no times at all, and no rows."""
    times = [
        "2025-03-01 11:59:59.999999", "2025-03-01 12:00:00", "2025-03-01 12:00:00.000001",
        "2025-03-01 00:00:00", "2025-03-02 00:00:00", "2024-12-31 23:00:00", None,
    ]  # fmt: skip
    rows = pd.DataFrame(
        {
            "order_id": range(7),
            "dispatched_at": pd.to_datetime(pd.Series(times), utc=True, format="ISO8601"),
            "hours": [4.0, 5.0, None, 6.0, None, 7.0, None],
        }
    )
    rows = pd.concat([rows, rows], ignore_index=True)
    never = rows.assign(dispatched_at=rows["dispatched_at"].where(rows["order_id"] > 99))
    cut = "2025-03-01 12:00:00"
    return [
        Call(shop.spark_of(rows), cut),
        Call(shop.spark_of(rows), "2025-03-02 12:00:00"),
        Call(shop.spark_of(never), cut),
        Call(shop.spark_of(rows.head(0)), cut),
    ]


CASES = {
    "shop": Case(the_shop, self_check=("tiny",), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


def _same(returned: Any, wanted: Any) -> None:
    same_pair(returned, wanted, ADVICE)


@pytest.mark.case("shop")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    _same(result.value, expected.value)


@pytest.mark.case("edges")
@pytest.mark.points(3)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        _same(returned, wanted)


@pytest.mark.case("shop")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_lazy(result: Result, expected: Result) -> None:
    _same(result.value, expected.value)
    jobs = result.spark.jobs_before_action
    expect(
        jobs == 0,
        f"The function started {jobs} of Spark's jobs; it should start none.",
        advice="Whether a row comes before the cut can be told from that row alone: a condition is "
        "enough, nothing has to be counted, sorted or collected.",
    )
