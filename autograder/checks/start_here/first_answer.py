"""Checks of `first_answer`: orders counted city by city, lazily."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="start_here.first_answer",
    title="A first answer",
    section="a-check-and-its-report",
    minutes=10,
    hints=(
        "Two steps do it: leave out the orders whose city is missing, then count what is left, "
        "city by city. Return what the last step gives, and ask for no rows of it.",
        "where keeps the rows for which a condition holds, and isNotNull makes the condition. "
        "groupBy with count() does the counting, in a column that is called count.",
        'known = orders.where(F.col("city").isNotNull()); then '
        'known.groupBy("city").agg(F.count("*").alias("orders")).',
    ),
)

COLUMNS = ("order_id", "customer_id", "city", "amount_cents")


def all_orders(shop: Shop) -> list[Call]:
    return [Call(shop.spark("orders", *COLUMNS))]


def edges(shop: Shop) -> list[Call]:
    """Rows that are alike, orders of guests, names in two spellings; no city; no orders at all."""
    few = pd.DataFrame(
        {
            "order_id": [1, 2, 2, 3, 4, 5, 6],
            "customer_id": pd.array([7, 7, 7, None, None, 8, 7], dtype="Int64"),
            "city": ["Graz", "Wels", "Wels", "Graz", "graz", None, None],
            "amount_cents": [500, 700, 700, 0, 100, 300, 40],
        }
    )
    return [
        Call(shop.spark_of(few)),
        Call(shop.spark_of(few.tail(2))),
        Call(shop.spark_of(few.head(0).astype({"city": "string"}))),
    ]


CASES = {
    "orders": Case(all_orders, self_check=("tiny", "small"), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


@pytest.mark.case("orders")
@pytest.mark.points(6)
def test_values(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["city"])


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, keys=["city"])


@pytest.mark.case("orders")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_no_job(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["city"])
    started = result.spark.jobs_before_action
    expect(
        started == 0,
        f"The function started {started} Spark {'job' if started == 1 else 'jobs'} before it "
        "returned; it should start none.",
        advice="Return the plan, and let whoever calls the function ask for its rows. count, "
        "show, collect and toPandas each start a job at once.",
    )
