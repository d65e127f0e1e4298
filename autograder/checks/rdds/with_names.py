"""Checks of `with_names`: a dictionary that every task needs, sent as a broadcast variable."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.compare import same_rows
from autograder.evidence import Result

EXERCISE = Exercise(
    id="rdds.with_names",
    title="A name on every parcel",
    section="broadcast-variables",
    minutes=12,
    hints=(
        "A function that uses a variable takes the variable's value along, with every task. What "
        "does Spark offer for a value that all tasks need?",
        "orders.context is the SparkContext of the RDD. Its method broadcast(names) sends the "
        "dictionary to each executor once, and returns a small handle.",
        "handle = orders.context.broadcast(names) outside; within the function "
        "handle.value.get(customer_id), which gives None for a key that is not there.",
    ),
)

CLOSURE_KB = 20


def labels(shop: Shop) -> list[Call]:
    """Every order, and the names of the customers; some orders name one who is not there."""
    orders = shop.rdd("orders", "order_id", "customer_id", partitions=4)
    names = Made("lookup", (shop.table("customers", "customer_id", "name"),), shown="names")
    return [Call(orders, names, then=Then("with_closure"))]


def edges(shop: Shop) -> list[Call]:
    """Guests, strangers, orders that are alike, a customer 0, no names, and no orders."""
    orders = pd.DataFrame(
        {
            "order_id": [1, 2, 2, 3, 4, 5],
            "customer_id": pd.array([7, 8, 8, None, 999, 0], dtype="Int64"),
        }
    )
    people = pd.DataFrame({"customer_id": [7, 8, 0], "name": ["Ada", "Ada", "Łucja"]})
    after = Then("with_closure")

    def names(frame: pd.DataFrame) -> Made:
        return Made("lookup", (frame,), shown="names")

    return [
        Call(shop.rdd_of(orders, partitions=3), names(people), then=after),
        Call(shop.rdd_of(orders, partitions=8), names(people.head(0)), then=after),
        Call(shop.rdd_of(orders.head(0), partitions=2), names(people), then=after),
    ]


CASES = {
    "labels": Case(labels, grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


@pytest.mark.case("labels")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    same_rows(result.value["rows"], expected.value["rows"])


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned["rows"], wanted["rows"])


@pytest.mark.case("labels")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_no_shuffle(result: Result, expected: Result) -> None:
    same_rows(result.value["rows"], expected.value["rows"])
    written = result.spark.shuffle_bytes
    expect(
        written == 0,
        f"Shuffles wrote {written / 1000:,.1f} KB; no rows need to be shuffled.",
        advice="A join of two RDDs sends both through a shuffle. Broadcast the dictionary, and "
        "look each name up where the order lies.",
    )


@pytest.mark.case("labels")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_closure(result: Result, expected: Result) -> None:
    same_rows(result.value["rows"], expected.value["rows"])
    size = result.value["closure_bytes"] / 1000
    expect(
        size <= CLOSURE_KB,
        f"The function that each task is sent has {size:,.0f} KB; at most {CLOSURE_KB} KB are "
        "allowed.",
        f"the reference's function has: {expected.value['closure_bytes'] / 1000:,.1f} KB",
        advice="The dictionary is inside the function. Broadcast it, and use only the handle's "
        ".value within the function.",
    )
