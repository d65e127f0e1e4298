"""Checks of `report`: last night's report, mended."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="memory_wall.report",
    title="Mend last night's report",
    section="report-mend",
    minutes=20,
    stretch=True,
    hints=(
        "Look for the largest thing in each line. What does the merged frame hold that the report "
        "never uses? How many rows has the result of the groupby, before the empty ones go?",
        "Repeated customers should go before the merge, on the customers' side: "
        "customers[['customer_id', 'segment']].drop_duplicates(). Then nothing is repeated.",
        "groupby on two category columns makes a row for every combination unless it is told "
        "observed=True. Different pairs can be had without it: "
        "drop_duplicates(['customer_id', 'city']).",
    ),
)

BUDGET_MB = 200
ORDERS = ("order_id", "customer_id", "city", "amount_cents", "tracking")


def _customers(shop: Shop) -> pd.DataFrame:
    """The shop's customers as the report gets them: some twice, and two test accounts."""
    customers = shop.load("customers", "customer_id", "name", "email", "segment")
    twice = customers.iloc[::20]
    first = int(customers["customer_id"].max()) + 10**9
    tests = pd.DataFrame(
        {"customer_id": [first, first + 1], "name": "test", "email": "test@example.org",
         "segment": "test"}
    )  # fmt: skip
    whole = pd.concat([customers, twice, tests], ignore_index=True)
    return whole.astype({"segment": "category"})


def year(shop: Shop) -> list[Call]:
    return [Call(shop.table("orders", *ORDERS), _customers(shop))]


def edges(shop: Shop) -> list[Call]:
    """A customer three times, guests, strangers, a segment without any city, no orders at all."""
    orders = pd.DataFrame(
        {
            "order_id": range(1, 10),
            "customer_id": pd.array([1, 1, 1, 2, 2, 3, 99, None, 5], dtype="Int64"),
            "city": ["Graz", "Graz", "Łódź", None, "Graz", None, "Graz", "Graz", None],
            "amount_cents": [10, 20, 30, 3_000_000_000, 50, 60, 70, 80, 90],
            "tracking": [f"T{i}" for i in range(9)],
        }
    )
    customers = pd.DataFrame(
        {
            "customer_id": [1, 2, 1, 3, 4, 1, 5],
            "name": list("abacdae"),
            "email": list("abacdae"),
            "segment": ["private", "school", "private", "school", "test", "private", "club"],
        }
    ).astype({"segment": "category"})
    return [Call(orders, customers), Call(orders.head(0), customers),
            Call(orders, customers.head(1))]  # fmt: skip


def within_budget(shop: Shop) -> list[Call]:
    (call,) = year(shop)
    return [Call(*call.arguments, budget_mb=BUDGET_MB, seconds=60)]


CASES = {
    "year": Case(year, grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
    "budget": Case(within_budget, self_check=("medium",), grading=("medium",)),
}


@pytest.mark.case("year")
@pytest.mark.points(2)
def test_values(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["segment"])


@pytest.mark.case("edges")
@pytest.mark.points(1)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, keys=["segment"])


@pytest.mark.case("budget")
@pytest.mark.points(7)
@pytest.mark.depends("test_values", "test_edges")
def test_budget(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["segment"])
