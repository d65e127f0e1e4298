"""Checks of `shrink`: the same values in fewer bytes."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="memory_wall.shrink",
    title="The same rows in fewer bytes",
    section="smaller-types",
    minutes=15,
    hints=(
        "Look at orders.memory_usage(deep=True) first. Which columns are worth the work? Text "
        "that repeats and text that does not need different cures.",
        "status, payment, courier and city repeat: make them categories. tracking is different in "
        "every row: as a category it would grow. The dtype 'string[pyarrow]' keeps it compact.",
        "pd.to_numeric(column, downcast='integer') finds the smallest integers that fit. It "
        "leaves a column with missing values as float64; astype('Int32') keeps those missing. "
        "float32 would change amounts above 16,777,216.",
    ),
)

COLUMNS = (
    "order_id", "customer_id", "city", "status", "payment", "courier", "items", "amount_cents",
    "discount", "gift", "tracking",
)  # fmt: skip
BYTES_PER_ROW = 70


def orders(shop: Shop) -> list[Call]:
    return [Call(shop.table("orders", *COLUMNS))]


def edges(shop: Shop) -> list[Call]:
    """No rows; one row; a column without any value; guests; numbers at the ends of their types."""
    whole = shop.load("orders", *COLUMNS)
    ends = whole.head(4).assign(
        customer_id=[1.0, float("nan"), 2_000_000_001.0, float("nan")],
        order_id=[1, 2**31 - 1, 2**31, 2**53 + 1],
        items=[1, 127, 128, 40_000],
        amount_cents=[0, -1, 16_777_217, 3_000_000_000],
    )
    return [
        Call(whole.head(0)),
        Call(whole.head(1)),
        Call(whole.head(20).assign(courier=pd.Series([None] * 20, dtype="object"))),
        Call(ends),
    ]


CASES = {
    "orders": Case(orders, self_check=("tiny", "small"), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
    "size": Case(orders, self_check=("small",), grading=("small",)),
}


@pytest.mark.case("orders")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, ordered=True)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, ordered=True)


@pytest.mark.case("size")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_size(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, ordered=True)
    frame = result.value
    each = frame.memory_usage(index=False, deep=True) / len(frame)
    expect(
        each.sum() <= BYTES_PER_ROW,
        f"A row takes {each.sum():.0f} bytes; at most {BYTES_PER_ROW} are allowed.",
        "bytes a row, by column:",
        each.round(1).sort_values(ascending=False).to_string(),
        advice="Begin with the column at the top of this list.",
    )


@pytest.mark.case("orders")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_input_unchanged(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, ordered=True)
    expect(
        not result.mutated,
        "The frame that was passed in is not what it was before the call.",
        advice="Assigning to a column of orders changes the caller's frame. Use "
        "orders.astype({...}) or orders.assign(...), which make a new one.",
    )
