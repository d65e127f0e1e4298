"""Checks of `revenue_by_home_city`: a left join, and the group of those who have no partner."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="dataframes.revenue_by_home_city",
    title="Where the money lives",
    section="joins-and-nulls",
    minutes=10,
    hints=(
        "Every order has to be counted, whether or not its customer is found. Which kind of join "
        "keeps the rows of the left side that have no partner?",
        'paid.join(homes, "customer_id", "left") keeps every order; home_city is null where '
        "nobody was found. Spark's groupBy makes a group of null, so nothing has to be filled in.",
        'Group by "home_city" and aggregate with F.count("*").alias("orders") and '
        'F.sum("amount_cents").alias("revenue_cents"). count("*") counts rows; '
        'count("customer_id") would leave out the guests.',
    ),
)

ADVICE = (
    "Each order counts in one row, that of an unknown home too: look at the join and the group."
)


def the_shop(shop: Shop) -> list[Call]:
    orders = shop.spark("orders", "order_id", "customer_id", "city", "amount_cents")
    return [Call(orders, shop.spark("customers", "customer_id", "city", "segment"))]


def edges(shop: Shop) -> list[Call]:
    """Guests, strangers, a customer without a city, one without orders, no customers, no orders."""
    orders = pd.DataFrame(
        {
            "order_id": [1, 2, 2, 3, 4, 5, 6],
            "customer_id": pd.array([7, 8, 8, None, 999, 9, 7], dtype="Int64"),
            "city": ["Wels", "Graz", "Graz", "Graz", "Wels", None, "Linz"],
            "amount_cents": [100, 20, 20, 3, 4_000_000_000, 6, 0],
        }
    )
    people = pd.DataFrame(
        {
            "customer_id": [7, 8, 9, 10],
            "city": ["Graz", "Graz", None, "Steyr"],
            "segment": ["private", "business", "private", "school"],
        }
    )
    nobody = people.head(0).astype({"city": "string", "segment": "string"})
    return [
        Call(shop.spark_of(orders), shop.spark_of(people)),
        Call(shop.spark_of(orders), shop.spark_of(nobody)),
        Call(shop.spark_of(orders.head(0).astype({"city": "string"})), shop.spark_of(people)),
    ]


CASES = {
    "shop": Case(the_shop, self_check=("tiny",), grading=("small", "medium")),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


@pytest.mark.case("shop")
@pytest.mark.points(6)
def test_values(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["home_city"], advice=ADVICE)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, keys=["home_city"], advice=ADVICE)


@pytest.mark.case("shop")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_lazy(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, keys=["home_city"])
    jobs = result.spark.jobs_before_action
    expect(
        jobs == 0,
        f"The function started {jobs} of Spark's jobs; it should start none.",
        advice="Return the frame as join, groupBy and agg give it. count, collect, show and "
        "toPandas are actions: they run all that comes before them.",
    )
