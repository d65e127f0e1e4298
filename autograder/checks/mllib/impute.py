"""Checks of `impute`: gaps filled with what the training rows know."""

import math
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.checks.mllib._frames import deliveries, exact, same_pair
from autograder.evidence import Result

EXERCISE = Exercise(
    id="mllib.impute",
    title="Gaps, filled from the past",
    section="fit-on-train",
    minutes=10,
    hints=(
        "An imputer is an estimator: fit(...) looks at rows and gives a model that knows the "
        "means. Which rows may it look at?",
        "There is one model, and it is fitted once. The same model fills the gaps of both frames "
        "with its transform.",
        "model = imputer.fit(train); return model.transform(train), model.transform(test).",
    ),
)

COLUMNS = ("order_id", "courier", "distance_km", "weight_g", "dispatched_at", "hours", "stars")
FILLED = ["distance_km", "weight_g"]
ADVICE = (
    "Each gap takes the mean of the known values of its column in train, in both frames; null and "
    "NaN are both gaps."
)
MOST_ROWS = 50


def the_shop(shop: Shop) -> list[Call]:
    """Deliveries before and after a time. Every other gap is a NaN, and the later ones are far."""
    rows = deliveries(shop, 4_000, *COLUMNS).sort_values("dispatched_at", ignore_index=True)
    for place, name in enumerate(FILLED):
        known = rows[name].astype("float64")
        values: list[float | None] = [None if math.isnan(one) else one for one in known]
        for row in range(place + 3, len(values), 29):
            values[row] = math.nan
        rows[name] = exact(values, pa.float64())
    cut = len(rows) * 3 // 4
    train, test = rows.head(cut), rows.tail(len(rows) - cut).reset_index(drop=True)
    test["distance_km"] = test["distance_km"] + 150
    return [Call(shop.spark_of(train), shop.spark_of(test), FILLED)]


def _frame(km: list[Any], kg: list[Any], other: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "order_id": exact(range(len(km)), pa.int64()),
            "km": exact(km, pa.float64()),
            "kg": exact(kg, pa.float64()),
            "other": exact(other, pa.float64()),
            "note": exact([None] * len(km), pa.string()),
        }
    )


def edges(shop: Shop) -> list[Call]:
    """One known value, gaps only in test, a zero that is no gap, no gaps, and no test rows."""
    nan = math.nan
    train = _frame([None, 8.0, nan, None], [1.0, 0.0, 2.0, 6.0], [None, 1.0, 3.0, nan])
    test = _frame([nan, None, 100.0], [nan, 0.0, None], [None, nan, 7.0])
    return [
        Call(shop.spark_of(train), shop.spark_of(test), ["km", "kg"]),
        Call(shop.spark_of(train), shop.spark_of(test.head(0)), ["kg"]),
    ]


CASES = {
    "shop": Case(the_shop, self_check=("tiny",), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


@pytest.mark.case("shop")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    same_pair(result.value, expected.value, ADVICE)


@pytest.mark.case("edges")
@pytest.mark.points(3)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_pair(returned, wanted, ADVICE)


@pytest.mark.case("shop")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_rows_stay_where_they_are(result: Result, expected: Result) -> None:
    same_pair(result.value, expected.value, ADVICE)
    rows = result.spark.rows_to_driver
    expect(
        rows <= MOST_ROWS,
        f"The function brought {rows:,} rows to the driver; one row of means is enough.",
        advice="The means are computed where the rows are. With pandas the driver would have to "
        "hold all of train.",
    )
