"""Checks of `biggest_customers`: the exact top of a list that is read in chunks."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="memory_wall.biggest_customers",
    title="The best customers, exactly",
    section="top-n-in-chunks",
    minutes=15,
    hints=(
        "A customer who is nowhere near the top of any single chunk can be at the top of the "
        "year. What has to be kept of every customer, so that nobody is lost?",
        "Keep one sum per customer, over all chunks. There are a tenth as many customers as "
        "orders, and a sum is one number.",
        "Add up with total = total.add(chunk_sums, fill_value=0), or concatenate the sums and "
        "group again. Sort once, at the end, by revenue downwards and customer_id upwards.",
    ),
)

BUDGET_MB = 150


def by_chunks(shop: Shop) -> list[Call]:
    file = shop.file("orders", "csv")
    lengths = {"tiny": (13, 1_001), "small": (7_777,)}.get(shop.size, (49_999,))
    return [Call(file, n, length) for length in lengths for n in (1, 10, 100)][:4]


def edges(shop: Shop) -> list[Call]:
    """Ties, a customer who wins by many small orders, guests, and fewer customers than n."""
    many_small = pd.DataFrame(
        {
            "order_id": range(1, 13),
            "customer_id": pd.array([5, 1, 9, 5, 2, 9, 5, 3, None, 9, 7, 4], dtype="Int64"),
            "amount_cents": [40, 100, 60, 40, 100, 30, 40, 90, 5_000, 30, 20, 20],
        }
    )
    large = many_small.assign(amount_cents=lambda t: t["amount_cents"] + 3_000_000_000)
    return [
        Call(shop.csv_of(many_small, "twelve_orders"), 3, 3),
        Call(shop.csv_of(many_small, "the_same_twelve"), 6, 100),
        Call(shop.csv_of(many_small, "once_more"), 50, 5),
        Call(shop.csv_of(large, "large_orders"), 2, 4),
        Call(shop.csv_of(many_small.head(0), "no_orders"), 3, 3),
    ]


def within_budget(shop: Shop) -> list[Call]:
    return [Call(shop.file("orders", "csv"), 20, 20_000, budget_mb=BUDGET_MB)]


CASES = {
    "chunks": Case(by_chunks, grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
    "budget": Case(within_budget, self_check=("medium",), grading=("medium",)),
}


@pytest.mark.case("chunks")
@pytest.mark.points(6)
def test_values(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, ordered=True)


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
