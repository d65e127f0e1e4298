"""Checks of `evaluate`: errors on rows that the model has not seen, beside those of a constant."""

from typing import Any

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, expect
from autograder.compare import same_number
from autograder.evidence import Result

EXERCISE = Exercise(
    id="mllib.evaluate",
    title="How wrong is it?",
    section="how-wrong",
    minutes=12,
    hints=(
        "Three numbers about the same rows: those of test that have hours. train is needed for one "
        "thing only. What is it?",
        "Keep the rows of test with hours, and let the model transform them. Then one agg gives "
        "all three numbers; or ask a RegressionEvaluator with metricName 'rmse', and another with "
        "'mae'. For the baseline, the forecast is a constant: the mean of train.",
        '(usual,) = train.agg(F.avg("hours")).first(); error = F.col("prediction") - '
        'F.col("hours"); then agg of F.sqrt(F.avg(error**2)), F.avg(F.abs(error)), and '
        'F.sqrt(F.avg((F.col("hours") - usual) ** 2)). The average of no rows is None.',
    ),
)

KEYS = ("rmse", "mae", "baseline_rmse")
COLUMNS = ("order_id", "distance_km", "express", "hours")
DRIVER_KB = 100
MOST_ROWS = 40_000


def _model(shop: Shop) -> Made:
    """A model that knows of distance and express, and of nothing else."""
    start, per_km = shop.random.uniform(34, 40), shop.random.uniform(0.01, 0.02)
    return Made("formula", (float(start), float(per_km)), shown="model")


def in_time(shop: Shop) -> list[Call]:
    """The first half of some deliveries, and the second, which took longer."""
    rows = shop.load("deliveries", *COLUMNS, "dispatched_at").head(MOST_ROWS)
    rows = rows.sort_values("dispatched_at", kind="stable")[list(COLUMNS)]
    many = len(rows) // 2
    train, test = rows.head(many), rows.iloc[many:]
    test = test.assign(hours=test["hours"] * 1.25 + 1)
    return [Call(_model(shop), shop.spark_of(train), shop.spark_of(test), seconds=60)]


def edges(shop: Shop) -> list[Call]:
    """Alike rows and rows without hours, a test in which nothing has arrived, and an empty one."""
    few = pd.DataFrame(
        {
            "order_id": [1, 1, 2, 3, 4, 5],
            "distance_km": [100.0, 100.0, 900.0, None, 20.0, 500.0],
            "express": [False, False, True, False, True, False],
            "hours": [30.0, 30.0, 12.5, None, 55.0, None],
        }
    )
    train = few.assign(hours=pd.Series([20.0, 20.0, None, 10.0, None, 44.0]))
    tests = (few, few[few["hours"].isna()], few.head(0))
    return [
        Call(_model(shop), shop.spark_of(train), shop.spark_of(test), seconds=60) for test in tests
    ]


CASES = {
    "in_time": Case(in_time, self_check=("small",), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}

ADVICE = {
    "rmse": "The root of the mean of the squared errors, over the rows of test with hours.",
    "mae": "The mean of the errors without their sign, over the rows of test with hours.",
    "baseline_rmse": "The forecast is the mean of train; its errors are those on test.",
}


def _same(returned: Any, wanted: dict[str, Any]) -> None:
    expect(
        isinstance(returned, dict) and set(returned) == set(KEYS),
        f"A dictionary with the keys {', '.join(KEYS)} was expected.",
        f"returned: {returned!r:.200}",
    )
    for key in KEYS:
        if wanted[key] is None:
            expect(
                returned[key] is None,
                f"None was expected for {key}, and {returned[key]!r:.40} came back.",
                advice="No row of test has hours: then there is nothing to say about errors.",
            )
        else:
            same_number(
                returned[key], wanted[key], relative=1e-6, what=key, unit="h", advice=ADVICE[key]
            )


@pytest.mark.case("in_time")
@pytest.mark.points(6)
def test_values(result: Result, expected: Result) -> None:
    _same(result.value, expected.value)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        _same(returned, wanted)


@pytest.mark.case("in_time")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_rows_stay_where_they_are(result: Result, expected: Result) -> None:
    _same(result.value, expected.value)
    brought = result.spark.bytes_to_driver / 1e3
    expect(
        brought <= DRIVER_KB,
        f"{brought:,.0f} kB were brought to the driver; at most {DRIVER_KB} kB are allowed.",
        f"the reference brings {expected.spark.bytes_to_driver / 1e3:,.0f} kB",
        advice="Let Spark take the means, with agg or a RegressionEvaluator: then three numbers "
        "come to the driver. toPandas and collect bring every row.",
    )
