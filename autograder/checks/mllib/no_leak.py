"""Checks of `no_leak`: forecasts that rest on nothing that is known too late."""

from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Gap, Shop, Then, expect
from autograder.evidence import Result

EXERCISE = Exercise(
    id="mllib.no_leak",
    title="What nobody can know yet",
    section="leakage",
    minutes=20,
    hints=(
        "Ask of each column that the model sees: on the day the parcel leaves, is this known? And "
        "of each number that is learned, a mean or a coefficient: which rows does it come from?",
        "Four things leak. Two columns are made of delivered_at, and stars is given after the "
        "parcel has come. The means by courier are taken over both frames. And the pipeline is "
        "fitted on both. What has to be learned is learned from train, and only used on test.",
        'known = train.where("hours IS NOT NULL"); usual from known.groupBy("courier"); join it to '
        "both frames, left; drop days, slow and stars; fit on known, and transform test. The "
        "imputer fills the usual hours of couriers that train does not have.",
    ),
)

COLUMNS = ("order_id", "courier", "distance_km", "weight_g", "express", "dispatched_at")
LATE = ("delivered_at", "hours", "stars")
ROWS = {"tiny": 900, "small": 6_000}
MOST_WORSE = 1.05  # of the reference's RMSE
NEAR = 1e-3  # hours
LATEST = 120  # seconds: to end a call that would never end


def _deliveries(shop: Shop, rows: int) -> pd.DataFrame:
    """Deliveries in the order in which they left, all with the hours that they will take."""
    found = shop.load("deliveries", *COLUMNS, *LATE).dropna(subset=["hours"]).head(rows)
    found = found.sort_values("dispatched_at", kind="stable").reset_index(drop=True)
    names = sorted(found["courier"].unique())
    hours = found["hours"] + found["courier"].map({n: 3.0 * i for i, n in enumerate(names)})
    return found.assign(
        hours=hours,
        delivered_at=_later(found["dispatched_at"], hours),
        weight_g=found["weight_g"].astype("float64"),
        stars=found["stars"].astype("float64"),
    )


def _later(times: pd.Series, hours: pd.Series) -> pd.Series:
    later = times + pd.to_timedelta((hours * 3600).round(), unit="s")
    return later.astype("datetime64[us, UTC]")


def _on_its_way(rows: pd.DataFrame) -> pd.DataFrame:
    """The same parcels before they have arrived."""
    return rows.assign(
        delivered_at=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us, UTC]"),
        hours=np.nan,
        stars=np.nan,
    )


def _in_time(shop: Shop, rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three quarters to learn from, a few of them on their way; and the rest, farther away."""
    every = _deliveries(shop, rows)
    many = 3 * len(every) // 4
    train, test = every.head(many), every.iloc[many:].reset_index(drop=True)
    test.loc[::40, "distance_km"] = np.nan  # by chance there may be none
    late = shop.random.integers(0, 20, len(train)) == 0
    train = pd.concat([train[~late], _on_its_way(train[late])], ignore_index=True)
    return train, test


def _odd_ones(test: pd.DataFrame) -> pd.DataFrame:
    """A courier that is not known, a distance and a weight that are not, and two rows alike."""
    few = test.head(5).assign(order_id=test["order_id"].max() + np.arange(1, 6))
    few = pd.concat([few, few.head(1)], ignore_index=True)
    few.loc[1, "courier"] = "Pigeon"
    few.loc[2, "distance_km"] = np.nan
    few.loc[3, "weight_g"] = np.nan
    return few


def asked(shop: Shop) -> list[Call]:
    """The same parcels on their way, with what others took, and some of them beside odd ones.

    A call fits what the answer fits, which takes a while: so the odd ones have none of their own.
    The last call has no parcel of one courier whom train has, which an outer join would tell.
    """
    train, test = _in_time(shop, ROWS[shop.size])
    order = shop.random.permutation(len(test))
    others = test.assign(**{name: test[name].to_numpy()[order] for name in ("hours", "stars")})
    others["delivered_at"] = _later(others["dispatched_at"], others["hours"])
    leaving = _on_its_way(test)
    fewer = leaving[leaving["courier"] != train["courier"].iloc[0]]
    far = fewer.sort_values("distance_km").tail(len(fewer) // 2)
    far = pd.concat([far, _odd_ones(fewer)], ignore_index=True)
    truth = test[["order_id", "hours"]]
    given = shop.spark_of(train)
    return [
        Call(given, shop.spark_of(leaving), then=Then("beside", (truth,)), seconds=LATEST),
        Call(given, shop.spark_of(others), seconds=LATEST),
        Call(given, shop.spark_of(far), seconds=LATEST),
    ]


CASES = {"asked": Case(asked, self_check=("tiny",), grading=("small",))}


def _forecasts(returned: Any, wanted: pd.DataFrame) -> pd.Series:
    """The predictions by order, in an order that two results share."""
    if not isinstance(returned, pd.DataFrame):
        shown = "None" if returned is None else type(returned).__name__
        raise Gap(f"A DataFrame was expected, and {shown} came back.")
    expect(
        returned.attrs.get("engine") == "Spark",
        "A Spark DataFrame was expected, and a pandas DataFrame came back.",
    )
    expect(
        set(returned.columns) == {"order_id", "prediction"},
        "The columns order_id and prediction were expected.",
        f"returned columns: {', '.join(map(str, returned.columns))}",
    )
    have, want = sorted(returned["order_id"]), sorted(wanted["order_id"])
    expect(
        have == want,
        f"One row was expected for each of the {len(want):,} rows of test; {len(have):,} rows "
        "came back" + (", of other orders." if len(have) == len(want) else "."),
        advice="An inner join drops the rows whose courier train does not have; a join by order_id "
        "repeats rows that are alike.",
    )
    predictions = returned.sort_values(["order_id", "prediction"])
    values = pd.to_numeric(predictions["prediction"], errors="coerce")
    missing = int((~np.isfinite(values)).sum())
    expect(
        missing == 0,
        f"{missing:,} rows have no number in prediction.",
        advice="Where distance, weight or courier is not known, what is usual in train stands in.",
    )
    return pd.Series(values.to_numpy(dtype="float64"), index=predictions["order_id"].to_numpy())


def _rmse(forecasts: pd.Series, truth: pd.DataFrame) -> float:
    hours = truth.set_index("order_id")["hours"]
    return float(np.sqrt(((forecasts - hours.loc[forecasts.index]) ** 2).mean()))


def _unlike(one: pd.Series, other: pd.Series) -> int:
    """How many forecasts of `other` differ from those of the same parcels in `one`."""
    return int(((one.loc[other.index] - other).abs() > NEAR).sum())


@pytest.mark.case("asked")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    """The parcels are on their way."""
    returned, wanted = next(result.each()), expected.values[0]
    rows = returned.get("rows") if isinstance(returned, dict) else returned
    rmse = _rmse(_forecasts(rows, wanted["rows"]), wanted["truth"])
    best = _rmse(_forecasts(wanted["rows"], wanted["rows"]), wanted["truth"])
    expect(
        rmse <= MOST_WORSE * best,
        f"On parcels that were on their way the RMSE is {rmse:.2f} hours; that of the reference is "
        f"{best:.2f}, and at most {MOST_WORSE * best:.2f} was expected.",
        advice="Take away what leaks and nothing else: distance, weight, express, the weekend, and "
        "which courier it is are known when a parcel leaves.",
    )


@pytest.mark.case("asked")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_what_comes_later_does_not_matter(result: Result, expected: Result) -> None:
    """The same parcels, with the hours and stars of others."""
    first, second = islice(result.each(), 2)
    wanted = expected.values
    one = _forecasts(first["rows"], wanted[0]["rows"])
    unlike = _unlike(one, _forecasts(second, wanted[1]))
    expect(
        unlike == 0,
        f"When delivered_at, hours and stars of test were changed, {unlike:,} of {len(one):,} "
        "forecasts changed with them.",
        advice="Something is still learned from rows of test, or made of these three columns.",
    )


@pytest.mark.case("asked")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    """Some of the parcels, and odd ones."""
    *_, third = result.each()
    _forecasts(third, expected.values[2])


@pytest.mark.case("asked")
@pytest.mark.points(1)
@pytest.mark.depends("test_values", "test_edges")
def test_other_rows_do_not_matter(result: Result, expected: Result) -> None:
    """Some of the parcels, beside others."""
    first, _, third = result.values
    wanted = expected.values
    one = _forecasts(first["rows"], wanted[0]["rows"])
    some = _forecasts(third, wanted[2])
    some = some[some.index.isin(one.index)]
    unlike = _unlike(one, some)
    expect(
        unlike == 0,
        f"When test had a part of its rows and some others, {unlike:,} of {len(some):,} forecasts "
        "changed.",
        advice="What fills a gap is learned from train, too: the imputer is fitted on train alone.",
    )
