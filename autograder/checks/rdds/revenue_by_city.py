"""Checks of `revenue_by_city`: a sum for each key, added up before the shuffle."""

import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.checks.rdds._inputs import odd_cities, orders_by_city
from autograder.compare import same_rows
from autograder.evidence import Result

EXERCISE = Exercise(
    id="rdds.revenue_by_city",
    title="Revenue, city by city",
    section="reduce-or-group",
    minutes=10,
    hints=(
        "A pair's first part is its key, and some methods of an RDD work on the values of one key "
        "at a time. Which of them adds up within each partition, before anything is sent?",
        "reduceByKey(add) is given two values of the same key and needs one back. groupByKey "
        "would send every single amount through the shuffle first.",
        "known = orders.filter(lambda order: order[0] is not None); add returns one + other; the "
        "answer is known.reduceByKey(add).",
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
        same_rows(returned, wanted, relative=0)


@pytest.mark.case("orders")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_many_orders(result: Result, expected: Result) -> None:
    same_rows(result.value, expected.value, relative=0)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned, wanted, relative=0)


@pytest.mark.case("orders")
@pytest.mark.points(2)
@pytest.mark.depends("test_many_orders")
def test_shuffle(result: Result, expected: Result) -> None:
    same_rows(result.value, expected.value, relative=0)
    written = result.spark.shuffle_bytes / 1000
    expect(
        written <= SHUFFLE_KB,
        f"The shuffle wrote {written:,.0f} KB; at most {SHUFFLE_KB} KB are allowed.",
        f"the reference wrote: {expected.spark.shuffle_bytes / 1000:,.0f} KB",
        advice="Add up within each partition before the shuffle, as reduceByKey does: then each "
        "partition sends one number for each city.",
    )


@pytest.mark.case("orders")
@pytest.mark.points(1)
@pytest.mark.depends("test_many_orders")
def test_orders_stay(result: Result, expected: Result) -> None:
    same_rows(result.value, expected.value, relative=0)
    brought = result.spark.bytes_to_driver / 1000
    expect(
        brought <= DRIVER_KB,
        f"The function brought {brought:,.0f} KB to the driver; at most {DRIVER_KB} KB are "
        "allowed.",
        advice="Return the RDD without asking for its rows. collect and toLocalIterator bring "
        "every order to the driver, one process on one machine.",
    )
