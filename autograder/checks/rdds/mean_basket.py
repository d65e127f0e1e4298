"""Checks of `mean_basket`: a mean that does not depend on the partitions."""

import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.checks.rdds._inputs import odd_cities, orders_by_city
from autograder.compare import same_rows
from autograder.evidence import Result

EXERCISE = Exercise(
    id="rdds.mean_basket",
    title="A mean out of many partitions",
    section="what-can-be-combined",
    minutes=12,
    hints=(
        "reduceByKey combines two results into one, in any order and grouping. The mean of two "
        "means is not the mean of all. Which two numbers of a city can be combined?",
        "Make each amount a pair of the amount and 1. Combining two pairs adds the first parts "
        "and the second parts. Divide once, when everything is combined.",
        "sums = known.mapValues(lambda cents: (cents, 1)), then totals = sums.reduceByKey(lambda "
        "a, b: (a[0] + b[0], a[1] + b[1])), and at the end mapValues divides the first part by "
        "the second.",
    ),
)

SHUFFLE_KB = 150
DRIVER_KB = 100


def at_tiny(shop: Shop) -> list[Call]:
    return orders_by_city(shop, (1, 3, 8))


def at_small(shop: Shop) -> list[Call]:
    return orders_by_city(shop, (8,))


CASES = {
    "partitions": Case(at_tiny, self_check=("tiny",), grading=()),
    "edges": Case(odd_cities, self_check=("tiny",), grading=()),
    "orders": Case(at_small, self_check=("small",), grading=("small",)),
}


@pytest.mark.case("partitions")
@pytest.mark.points(3)
def test_values(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned, wanted)


@pytest.mark.case("orders")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_many_orders(result: Result, expected: Result) -> None:
    same_rows(result.value, expected.value)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned, wanted)


@pytest.mark.case("orders")
@pytest.mark.points(2)
@pytest.mark.depends("test_many_orders")
def test_shuffle(result: Result, expected: Result) -> None:
    same_rows(result.value, expected.value)
    written = result.spark.shuffle_bytes / 1000
    expect(
        written <= SHUFFLE_KB,
        f"The shuffle wrote {written:,.0f} KB; at most {SHUFFLE_KB} KB are allowed.",
        f"the reference wrote: {expected.spark.shuffle_bytes / 1000:,.0f} KB",
        advice="Combine within each partition before the shuffle, as reduceByKey and "
        "aggregateByKey do: then each partition sends one pair for each city.",
    )


@pytest.mark.case("orders")
@pytest.mark.points(1)
@pytest.mark.depends("test_many_orders")
def test_orders_stay(result: Result, expected: Result) -> None:
    same_rows(result.value, expected.value)
    brought = result.spark.bytes_to_driver / 1000
    expect(
        brought <= DRIVER_KB,
        f"The function brought {brought:,.0f} KB to the driver; at most {DRIVER_KB} KB are "
        "allowed.",
        advice="Return the RDD without asking for its rows. collect and toLocalIterator bring "
        "every order to the driver, one process on one machine.",
    )
