"""Checks of `mean_value_by_city`: a mean over a file that is read in chunks."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="memory_wall.mean_value_by_city",
    title="A mean, one chunk at a time",
    section="aggregate-in-chunks",
    minutes=15,
    hints=(
        "A mean cannot be added up. What can? Keep, for each chunk, what can be added, and divide "
        "once, at the very end.",
        "For each chunk make a small frame with two numbers per city: the sum of amount_cents and "
        "the number of rows. Small frames may be concatenated; whole chunks may not.",
        "pd.concat(parts).groupby('city').sum() adds the parts up, and keeps a city that occurs "
        "in a single chunk only. Then mean_cents is the sum divided by the count.",
    ),
)

BUDGET_MB = 130


def by_chunks(shop: Shop) -> list[Call]:
    """Chunk lengths that do not divide the rows, one row more than the file, and one chunk."""
    file = shop.file("orders", "csv")
    lengths = {"tiny": (7, 333, 1001), "small": (9_999, 100_001)}.get(shop.size, (49_999,))
    return [Call(file, length) for length in lengths]


def edges(shop: Shop) -> list[Call]:
    """A city that only one chunk has, rows without a city, and no rows at all."""
    few = pd.DataFrame(
        {
            "order_id": range(1, 8),
            "city": ["Graz", "Graz", "Graz", None, "Graz", "Łódź", None],
            "amount_cents": [100, 200, 600, 5_000, 100, 40, 1],
        }
    )
    return [
        Call(shop.csv_of(few, "seven_orders"), 3),
        Call(shop.csv_of(few.head(0), "no_orders"), 3),
    ]


def within_budget(shop: Shop) -> list[Call]:
    return [Call(shop.file("orders", "csv"), 10_000, budget_mb=BUDGET_MB)]


CASES = {
    "chunks": Case(by_chunks, grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
    "budget": Case(within_budget, self_check=("medium",), grading=("medium",)),
}


@pytest.mark.case("chunks")
@pytest.mark.points(6)
def test_values(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, keys=["city"])


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, keys=["city"])


@pytest.mark.case("budget")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_budget(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["city"])
