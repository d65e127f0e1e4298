"""Checks of `load_needed`: two columns of a wide file, at the right types, within a budget."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="memory_wall.load_needed",
    title="Load what the question needs",
    section="load-what-you-need",
    minutes=12,
    hints=(
        "Dropping columns after the file was read is too late: for a moment everything was in "
        "memory, and that moment is what the budget measures.",
        "pd.read_csv has two arguments for this: usecols names the columns to keep, and dtype "
        "says what each is to become while it is read.",
        "usecols=['city', 'amount_cents'], dtype={'city': 'category', 'amount_cents': 'int64'}. "
        "The order of usecols does not decide the order of the columns.",
    ),
)

BUDGET_MB = 140


def orders_csv(shop: Shop) -> list[Call]:
    return [Call(shop.file("orders", "csv"))]


def edges(shop: Shop) -> list[Call]:
    """A file without rows, columns in another order, and cities that are missing."""
    few = pd.DataFrame(
        {
            "note": ["one", None, "three"],
            "amount_cents": [16_777_217, 5, 3_000_000_000],
            "order_id": [1, 2, 3],
            "city": ["Graz", None, "Łódź"],
        }
    )
    return [Call(shop.csv_of(few, "three_orders")), Call(shop.csv_of(few.head(0), "no_orders"))]


def within_budget(shop: Shop) -> list[Call]:
    return [Call(shop.file("orders", "csv"), budget_mb=BUDGET_MB)]


CASES = {
    "values": Case(orders_csv, grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
    "budget": Case(within_budget, self_check=("medium",), grading=("medium",)),
}


@pytest.mark.case("values")
@pytest.mark.points(4)
def test_values(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, ordered=True)


@pytest.mark.case("values")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_types(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, ordered=True)
    wanted = {"city": "category", "amount_cents": "int64"}
    have = {name: str(kind) for name, kind in result.value.dtypes.items()}
    expect(
        have == wanted,
        "The types differ from those that were asked for.",
        f"expected: {wanted}",
        f"returned: {have}",
        advice="Say the types while the file is read: dtype={'city': 'category', ...}.",
    )


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, ordered=True)


@pytest.mark.case("budget")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_budget(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, ordered=True)
