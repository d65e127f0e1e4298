"""Checks of `total_with_start`: a total that does not depend on the number of partitions."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_number
from autograder.evidence import Result

EXERCISE = Exercise(
    id="rdds.total_with_start",
    title="Takings, and what was in the safe",
    section="zero-values",
    minutes=10,
    hints=(
        "The same function is used within each partition and once more between their results. "
        "What happens to a start that is given to each of them?",
        "Begin every partition with a zero that changes nothing: 0 for a sum. Where may the start "
        "be added, so that it is added once?",
        "return start + numbers.fold(0, lambda a, b: a + b), or start + numbers.sum(). reduce "
        "would raise an error for an RDD without numbers.",
    ),
)

DRIVER_KB = 60


def partitions(shop: Shop) -> list[Call]:
    """The same numbers in 1, 3 and 8 partitions, and a start that is not 0."""
    cents = shop.load("orders", "amount_cents")
    cents["amount_cents"] -= 9_000  # some are money paid back
    starts = (250_000, -7, 1)
    return [
        Call(shop.rdd_of(cents, partitions=n), start)
        for n, start in zip((1, 3, 8), starts, strict=True)
    ]


def edges(shop: Shop) -> list[Call]:
    """More partitions than numbers, no numbers, numbers that are alike, and large ones."""
    few = pd.DataFrame({"cents": [5, 5, -3]})
    large = pd.DataFrame({"cents": [2**61, 2**61 + 1]})
    return [
        Call(shop.rdd_of(few, partitions=8), 100),
        Call(shop.rdd_of(few, partitions=2), 0),
        Call(shop.rdd_of(few.head(0), partitions=4), 100),
        Call(shop.rdd_of(few.head(0), partitions=1), 0),
        Call(shop.rdd_of(large, partitions=2), 2**61),
    ]


def at_small(shop: Shop) -> list[Call]:
    return [Call(shop.rdd_of(shop.load("orders", "amount_cents"), partitions=8), 17)]


CASES = {
    "partitions": Case(partitions, self_check=("tiny",), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
    "orders": Case(at_small, self_check=("small",), grading=("small",)),
}


def _compare(result: Result, expected: Result) -> None:
    for call, returned, wanted in zip(result.calls, result.each(), expected.values, strict=True):
        what = f"{call.shown[0].strip('<>')} and a start of {call.arguments[1]:,}"
        same_number(returned, wanted, relative=0, what=what)


@pytest.mark.case("partitions")
@pytest.mark.points(6)
def test_values(result: Result, expected: Result) -> None:
    _compare(result, expected)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    _compare(result, expected)


@pytest.mark.case("orders")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_numbers_stay(result: Result, expected: Result) -> None:
    _compare(result, expected)
    brought = result.spark.bytes_to_driver / 1000
    expect(
        brought <= DRIVER_KB,
        f"The function brought {brought:,.0f} KB to the driver; at most {DRIVER_KB} KB are "
        "allowed.",
        f"the reference brought: {expected.spark.bytes_to_driver / 1000:,.0f} KB",
        advice="Let each partition add up its own numbers and send one: sum, fold, reduce and "
        "aggregate do. collect and toLocalIterator bring every number.",
    )
