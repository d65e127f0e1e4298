"""Checks of `survive`: the same answer under any budget."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="memory_wall.survive",
    title="Survive any budget",
    section="survive",
    minutes=20,
    stretch=True,
    hints=(
        "You are told the budget, so you can choose how much to hold at a time. Which means do you "
        "know by now that never hold more than a part of the file?",
        "pandas' CSV reader takes about 25 MiB by itself, whatever the chunk. Three "
        "columns and 10,000 rows at a time stay below 50 MiB.",
        "Read ordered_at, payment and amount_cents in chunks; month = ordered_at.str[:7]; group "
        "each chunk by month and payment; add the small results up at the end.",
    ),
)

LEVELS = {"roomy": 400, "tight": 200, "lowest": 100}


def values(shop: Shop) -> list[Call]:
    return [Call(shop.file("orders", "csv"), 400)]


def edges(shop: Shop) -> list[Call]:
    """Months that only one order has, the turn of a month, large sums, and no rows."""
    few = pd.DataFrame(
        {
            "order_id": range(1, 7),
            "ordered_at": [
                "2025-01-31T23:59:59Z", "2025-02-01T00:00:00Z", "2025-02-11T12:00:00Z",
                "2024-02-29T08:00:00Z", "2025-02-28T08:00:00Z", "2025-01-01T00:00:00Z",
            ],
            "payment": ["card", "card", "card", "voucher", "invoice", "card"],
            "amount_cents": [10, 3_000_000_000, 3_000_000_000, 40, 50, 60],
        }
    )  # fmt: skip
    return [Call(shop.csv_of(few, "six_orders"), 60),
            Call(shop.csv_of(few.head(0), "no_orders"), 60)]  # fmt: skip


def at_level(level: int) -> Case:
    def calls(shop: Shop) -> list[Call]:
        return [Call(shop.file("orders", "csv"), level, budget_mb=level, seconds=60)]

    return Case(calls, self_check=("medium",), grading=("medium",))


CASES = {
    "values": Case(values, grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
    **{name: at_level(level) for name, level in LEVELS.items()},
}


@pytest.mark.case("values")
@pytest.mark.points(4)
def test_values(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["month"])


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, keys=["month"])


@pytest.mark.case("roomy")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_roomy_budget(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["month"])


@pytest.mark.case("tight")
@pytest.mark.points(1)
@pytest.mark.depends("test_values", "test_roomy_budget")
def test_tight_budget(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["month"])


@pytest.mark.case("lowest")
@pytest.mark.points(2)
@pytest.mark.depends("test_values", "test_tight_budget")
def test_lowest_budget(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["month"])
