"""Checks of `clean_amounts`: text to decimals without a failing job, and nulls told from NaN."""

from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from autograder.checking import Call, Case, Exercise, Shop, Then, expect
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="dataframes.clean_amounts",
    title="One bad field",
    section="casts-and-nan",
    minutes=14,
    hints=(
        "A plain cast raises an error at the first bad text, and ends the job. Spark has a cast "
        "that gives null instead.",
        'F.col("amount").try_cast("decimal(12,2)") is null for what is no number. The bad ones are '
        "those where the text is there and the result is null. A comparison with null is null, and "
        "where() keeps only true: an order without a status needs a condition of its own.",
        'kept = raw.where(F.col("status").isNull() | (F.col("status") != "cancelled")); bad is '
        'F.col("amount").isNotNull() & amount.isNull(); discount is F.when(~F.isnan("discount"), '
        'F.col("discount")).',
    ),
)

BAD = ("12,50", "n/a", "EUR 5", "", "  ", "12.5.0", "--3", "1 200", "NaN", "12.50 EUR", ".")


def _arrow(values: list[Any], kind: Any) -> Any:
    """A column in which NaN is a number and None is missing."""
    return pd.Series(pa.array(values, kind), dtype=pd.ArrowDtype(kind))


def _frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    ids, amounts, discounts, states = ([row[n] for row in rows] for n in range(4))
    return pd.DataFrame(
        {
            "order_id": _arrow(ids, pa.int64()),
            "amount": _arrow(amounts, pa.string()),
            "discount": _arrow(discounts, pa.float64()),
            "status": _arrow(states, pa.string()),
        }
    )


def _typed(cents: int, place: int) -> str:
    """An amount as somebody typed it."""
    forms = (f"{cents / 100:.2f}", f" {cents / 100:.2f}", f"{cents / 100:.2f}  ", f"{cents // 100}")
    return f"-{forms[0]}" if place % 50 == 7 else forms[place % 4]


def typed_orders(shop: Shop) -> list[Call]:
    """The shop's orders as text; some amounts are bad or missing, some statuses missing."""
    orders = shop.load("orders", "order_id", "amount_cents", "discount", "status")
    orders = orders.head(20_000)
    draw = shop.random
    rows: list[tuple[Any, ...]] = []
    for place, (number, cents, discount, status) in enumerate(
        orders.itertuples(index=False, name=None)
    ):
        amount: str | None = _typed(int(cents), place)
        if place % 23 == 3:
            amount = BAD[place // 23 % len(BAD)]
        elif place % 31 == 5:
            amount = None
        share = None if pd.isna(discount) else float(discount)
        share = float("nan") if place % 17 == 2 else share
        state = None if draw.integers(0, 12) == 0 else str(status)
        rows.append((int(number), amount, share, state))
    return [Call(shop.spark_of(_frame(rows)), then=Then("cleaned"))]


def edges(shop: Shop) -> list[Call]:
    """All kinds of amounts, only bad ones, all statuses missing, and no rows."""
    nan = float("nan")
    good = ["12.50", "12", " 7.5 ", "-3.00", "0", "0.01", "123456789.99", "   -0.5", "007"]
    every: list[tuple[Any, ...]] = [
        (n, text, 0.0, "shipped") for n, text in enumerate([*good, *BAD])
    ]
    every += [(100, None, nan, "shipped"), (101, "1.10", None, None), (101, "1.10", None, None)]
    every += [(102, "bad", nan, "cancelled"), (103, "5", 0.5, "Cancelled"), (104, None, None, None)]
    bad: list[tuple[Any, ...]] = [(n, text, nan, None) for n, text in enumerate(BAD)]
    return [
        Call(shop.spark_of(_frame(every)), then=Then("cleaned")),
        Call(shop.spark_of(_frame(bad)), then=Then("cleaned")),
        Call(shop.spark_of(_frame(every[:0])), then=Then("cleaned")),
    ]


CASES = {
    "typed": Case(typed_orders, self_check=("tiny",), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


def _same(returned: Any, wanted: Any) -> None:
    same_frame(returned["rows"], wanted["rows"])
    for name in ("discount",):
        have, want = returned["nan"].get(name, 0), wanted["nan"].get(name, 0)
        expect(
            have == want,
            f"{have:,} values of {name} are NaN; null was asked for in their place.",
            advice="NaN is a number to Spark, larger than all others, and isNull does not see it. "
            "F.isnan does.",
        )


@pytest.mark.case("typed")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    _same(result.value, expected.value)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        _same(returned, wanted)


@pytest.mark.case("edges")
@pytest.mark.points(1)
@pytest.mark.depends("test_edges")
def test_types(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        for name, kind in wanted["types"].items():
            have = returned["types"].get(name)
            expect(
                have == kind,
                f"The column {name} has the type {have}; {kind} was asked for.",
                advice="Money is kept as a decimal, or in whole cents. A double holds no 0.10.",
            )


@pytest.mark.case("typed")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_ansi_stays_on(result: Result, expected: Result) -> None:
    _same(result.value, expected.value)
    expect(
        result.value["ansi"] == "true",
        "When the function returned, spark.sql.ansi.enabled was off.",
        advice="The setting holds for the whole session: every wrong cast and every overflow of "
        "the programs after this one would go unseen. Use try_cast for this column.",
    )


@pytest.mark.case("typed")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_lazy(result: Result, expected: Result) -> None:
    _same(result.value, expected.value)
    jobs = result.spark.jobs_before_action
    expect(
        jobs == 0,
        f"The function started {jobs} of Spark's jobs; it should start none.",
        advice="Say what a good amount is, in an expression. Nothing has to be counted or "
        "collected for it.",
    )
