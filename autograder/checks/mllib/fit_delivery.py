"""Checks of `fit_delivery`: forecasts for parcels not seen, and effects near those of the data.

The deliveries were made by known coefficients, which are drawn from the seed. These checks may read
them; a run cannot.
"""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shop.truth import truth

from autograder.cases import Point
from autograder.checking import Call, Case, Exercise, Shop, Then, expect
from autograder.checks.mllib._frames import deliveries, with_weekend
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="mllib.fit_delivery",
    title="What makes a parcel slow",
    section="a-linear-model",
    minutes=25,
    hints=(
        "Keep the rows that have hours; then a pipeline of an imputer, an indexer, an encoder, an "
        "assembler and a LinearRegression, fitted on these rows. An assembler takes boolean "
        "columns, too. Without more ado the regression has no penalty.",
        "The coefficients stand in the order of the assembler's columns. The encoder has one for "
        "each courier but the last; the order is that of the fitted indexer's labels, and the one "
        "that was left out counts as 0.",
        "names = model.stages[1].labels; numbers = [*model.stages[-1].coefficients, 0.0], so that "
        "dict(zip(names, numbers[4:])) has a number for each courier. Its effect is that number "
        'less that of base, and "start" is the intercept plus that of base.',
    ),
)

COLUMNS = ("order_id", "courier", "distance_km", "weight_g", "express", "dispatched_at", "hours")
CLOSE = 0.02  # hours; solvers that stop early lie well within, a small penalty well outside
BASE = "NordParcel"  # neither the most nor the least frequent, nor the first of the alphabet
TRAIN_ROWS = 12_000
LONGEST = 120  # seconds: a fit has many small jobs, and the machine may have much else to do


def _train(shop: Shop) -> pd.DataFrame:
    return with_weekend(deliveries(shop, TRAIN_ROWS, *COLUMNS))


def _new(couriers: list[str]) -> pd.DataFrame:
    """Parcels to forecast: every courier, near and far, with gaps; in twos that differ in one."""
    rows: list[tuple[Any, ...]] = []
    for courier in couriers:
        for km, grams in ((20.0, 50.0), (900.0, 50.0), (None, 700.0), (431.5, None), (None, None)):
            for express, weekend in ((False, False), (True, False), (False, True)):
                rows.append((len(rows), courier, km, grams, express, weekend))
    names = ["order_id", "courier", "distance_km", "weight_g", "express", "weekend"]
    return pd.DataFrame(rows, columns=names)


def the_shop(shop: Shop) -> list[Call]:
    rows = _train(shop)
    new = _new(sorted(rows["courier"].unique()))
    then = Then("forecasts", (shop.spark_of(new),))
    return [Call(shop.spark_of(rows), BASE, then=then, seconds=LONGEST)]


def edges(shop: Shop) -> list[Call]:
    """Exact hours; far and heavy parcels that have not arrived; a row that counts many times."""
    draw = shop.random
    n = 60
    rows = pd.DataFrame(
        {
            "order_id": range(n),
            "courier": np.array(["Sleigh", "Owl", "Drone"])[np.arange(n) % 7 // 3],
            "distance_km": draw.integers(10, 900, n).astype(float),
            "weight_g": draw.integers(50, 9_000, n).astype(float),
            "express": draw.integers(0, 2, n) == 1,
            "weekend": draw.integers(0, 3, n) == 1,
        }
    )
    hours = 10 + rows["distance_km"] / 50 + rows["weight_g"] / 4_000
    hours += rows["courier"].map({"Sleigh": 5.0, "Owl": 0.0, "Drone": -4.0})
    rows["hours"] = hours - 6 * rows["express"] + 7 * rows["weekend"]
    rows.loc[:7, "distance_km"] = None
    rows.loc[5:9, "weight_g"] = None
    late = rows.tail(12).assign(hours=math.nan, distance_km=9_000.0, weight_g=40_000.0)
    again = rows.iloc[[11] * 15]
    train = pd.concat([rows, late, again], ignore_index=True)
    new = _new(["Drone", "Owl", "Sleigh"])
    then = Then("forecasts", (shop.spark_of(new.assign(hours=math.nan)),))
    return [Call(shop.spark_of(train), "Sleigh", then=then, seconds=LONGEST)]


CASES = {
    "shop": Case(the_shop, self_check=("tiny",), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


def _same_forecasts(returned: Any, wanted: Any) -> None:
    same_frame(
        returned["forecasts"],
        wanted["forecasts"],
        keys=["order_id"],
        relative=0,
        absolute=CLOSE,
        advice="Least squares without a penalty, on the rows that have hours; a missing distance "
        "or weight counts as the mean of the known ones of these rows.",
    )


def _same_effects(returned: Any, wanted: Any) -> None:
    have, want = returned["effects"], wanted["effects"]
    missing, surplus = sorted(set(want) - set(have)), sorted(map(str, set(have) - set(want)))
    expect(
        not missing and not surplus,
        "The keys of effects differ.",
        *([f"missing: {', '.join(missing)}"] if missing else []),
        *([f"not asked for: {', '.join(surplus)}"] if surplus else []),
    )
    for name, hours in want.items():
        number = have[name]
        expect(
            isinstance(number, (int, float)) and not isinstance(number, bool),
            f"The effect {name!r} should be a number; it is a {type(number).__name__}.",
        )
        expect(
            abs(number - hours) <= CLOSE,
            f"The effect {name!r} is {number:.3f} hours; {hours:.3f} were expected.",
            advice="Which coefficient belongs to which courier is known from the labels of the "
            "fitted indexer; a courier's effect is its own number less that of base.",
        )


@pytest.mark.case("shop")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    """The forecasts for parcels that were not in train."""
    _same_forecasts(result.value, expected.value)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        _same_forecasts(returned, wanted)


@pytest.mark.case("shop")
@pytest.mark.points(3)
@pytest.mark.depends("test_values")
def test_effects(result: Result, expected: Result, judged: Point) -> None:
    """As least squares finds them, and within 4 standard errors of what made the data."""
    _same_effects(result.value, expected.value)
    have, want = result.value["effects"], expected.value["effects"]
    made, error = _made_by(judged)
    for name, hours in made.items():
        # Chance may take even the exact solution a little farther; who found that one is right.
        allowed = max(4 * error[name], abs(want[name] - hours)) + CLOSE
        expect(
            abs(have[name] - hours) <= allowed,
            f"The effect {name!r} lies {abs(have[name] - hours) / error[name]:.1f} standard errors "
            "from what made the data.",
        )


def _made_by(point: Point) -> tuple[dict[str, float], dict[str, float]]:
    """The effects that made a point's deliveries, and the standard error of each estimate."""
    from pathlib import Path

    known = _train(Shop(point.size, point.seed, Path())).dropna(subset="hours")
    true = truth(point.seed)
    made = {
        "start": true.base + true.courier[BASE],
        "per_100_km": true.per_100_km,
        "per_kg": true.per_kg,
        "express": true.express,
        "weekend": true.weekend,
    }
    parts = {"start": pd.Series(1.0, index=known.index)}
    parts["per_100_km"] = known["distance_km"].fillna(known["distance_km"].mean()) / 100
    parts["per_kg"] = known["weight_g"].fillna(known["weight_g"].mean()) / 1000
    parts |= {name: known[name].astype(float) for name in ("express", "weekend")}
    for name in sorted(set(known["courier"]) - {BASE}):
        made[name] = true.courier[name] - true.courier[BASE]
        parts[name] = (known["courier"] == name).astype(float)
    rows = np.column_stack(list(parts.values()))
    found, *_ = np.linalg.lstsq(rows, known["hours"].to_numpy(), rcond=None)
    left = known["hours"].to_numpy() - rows @ found
    variance = left @ left / (len(rows) - rows.shape[1]) * np.linalg.inv(rows.T @ rows)
    return made, dict(zip(parts, np.sqrt(np.diag(variance)).tolist(), strict=True))
