"""Checks of `join_rows`: how many rows a join will have, without joining."""

import numpy as np
import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop
from autograder.compare import same_number
from autograder.evidence import Result

EXERCISE = Exercise(
    id="memory_wall.join_rows",
    title="How many rows will the join have?",
    section="joins-that-explode",
    minutes=15,
    hints=(
        "Take one key that occurs three times on the left and four times on the right. How many "
        "rows does it have in the joined frame?",
        "Count each key on both sides with value_counts(dropna=False). An inner join has, for "
        "each key that both sides know, the product of the two counts.",
        "left.value_counts(dropna=False).mul(right.value_counts(dropna=False), fill_value=0) "
        "gives the products. A left join adds the left rows whose key the right side does not "
        "know; an outer join adds those of the right side as well.",
    ),
)

BUDGET_MB = 160
KINDS = ("inner", "left", "right", "outer")


def shop_keys(shop: Shop) -> list[Call]:
    """Orders to customers; at `tiny` also by city, and orders to themselves: repeated keys.

    Only at `tiny`, because a learner's kernel has to survive an answer that makes the join.
    """
    orders = shop.series("orders", "customer_id")
    customers = shop.series("customers", "customer_id")
    calls = [Call(orders, customers, how) for how in KINDS]
    if shop.size == "tiny":
        city, home = shop.series("orders", "city"), shop.series("customers", "city")
        calls += [Call(city, home, "inner"), Call(home, city, "outer")]
        calls += [Call(orders, orders, how) for how in KINDS]
    return calls


def edges(shop: Shop) -> list[Call]:
    """Keys on one side only, repeated on both, missing on one or both sides, and empty sides."""
    left = pd.Series([1, 1, 2, 3, None, None], name="key")
    right = pd.Series([1, 1, 1, 3, 4, None], name="key")
    without = pd.Series([1.0, 5.0, 5.0], name="key")
    words, names = pd.Series(["a", "b", "b", None]), pd.Series(["b", "c", None, None])
    none = pd.Series([], dtype="float64", name="key")
    pairs = [(left, right), (left, without), (without, left), (words, names), (left, none),
             (none, right), (none, none)]  # fmt: skip
    return [Call(one, other, how) for one, other in pairs for how in KINDS]


def hot_keys(shop: Shop) -> list[Call]:
    """A join of more rows than any machine holds; its size is a number like any other."""
    keys = np.minimum(shop.random.zipf(1.2, 300_000), 50_000)
    hot = pd.Series(keys, name="customer_id")
    return [Call(hot, hot, "outer", budget_mb=BUDGET_MB)]


CASES = {
    "shop": Case(shop_keys, grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
    "hot": Case(hot_keys, self_check=("medium",), grading=("medium",)),
}


def _what(result: Result, number: int) -> str:
    left, right, how = result.calls[number].arguments
    return f"the {how} join of {left} and {right}"


def _compare(result: Result, expected: Result) -> None:
    for number, (returned, wanted) in enumerate(zip(result.each(), expected.values, strict=True)):
        same_number(returned, wanted, relative=0, what=_what(result, number), unit="rows")


@pytest.mark.case("shop")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    _compare(result, expected)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    _compare(result, expected)


@pytest.mark.case("hot")
@pytest.mark.points(3)
@pytest.mark.depends("test_values")
def test_without_joining(result: Result, expected: Result) -> None:
    _compare(result, expected)
