"""Checks of `score_reviews`: a Python function that is needed, called with many rows at a time."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="dataframes.score_reviews",
    title="A model for the reviews",
    section="pandas-functions",
    minutes=18,
    hints=(
        "A pandas UDF is a function from a Series to a Series of the same length. Spark calls it "
        "with some thousand rows at a time, a batch, and puts the results together.",
        "Within the function: known = texts.dropna(), and score(known).reindex(texts.index) puts "
        "the gaps back. A batch is not the column, so the mean over all has to be taken by Spark, "
        "outside the function.",
        'scored = reviews.select("order_id", scores("review").alias("score")); mean = '
        'scored.agg(F.avg("score").alias("mean")); scored.crossJoin(mean), and '
        'select F.col("score") - F.col("mean") as relative. Mind a batch without any review.',
    ),
)

MOST_CALLS = 200
PLAIN = {100, 101, 102}  # Spark's numbers of Python UDFs that are called row by row
COLUMNS = ("order_id", "courier", "review")


def _model() -> Made:
    return Made("scorer", (), shown="score")


def the_shop(shop: Shop) -> list[Call]:
    return [Call(shop.spark("deliveries", *COLUMNS), _model(), then=Then("with_calls"))]


def edges(shop: Shop) -> list[Call]:
    """Several languages, an empty text, alike rows, no review at all, and no rows."""
    few = pd.DataFrame(
        {
            "order_id": [1, 2, 2, 3, 4, 5],
            "courier": ["Hermod"] * 6,
            "review": ["Muito mau", None, None, "", "Za pozdě 😡", "Muito mau"],
        }
    )
    silent = few.assign(review=pd.Series([None] * 6, dtype="string"))
    frames = (few, silent, silent.head(0))
    return [Call(shop.spark_of(one), _model(), then=Then("with_calls")) for one in frames]


CASES = {
    "shop": Case(the_shop, self_check=("small",), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}

ADVICE = "The model sees known texts only, and the mean is that of all scores of the frame."


@pytest.mark.case("shop")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    same_frame(result.value["rows"], expected.value["rows"], advice=ADVICE)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned["rows"], wanted["rows"], advice=ADVICE)


@pytest.mark.case("shop")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_many_texts_at_a_time(result: Result, expected: Result) -> None:
    same_frame(result.value["rows"], expected.value["rows"])
    kinds = [kind for _, kind in result.spark.python_nodes]
    expect(
        not PLAIN & set(kinds),
        "A plain Python UDF is in the plan: it is called once for each row.",
        advice="Declare the function with F.pandas_udf and type hints of pandas: a Series in, a "
        "Series out.",
    )
    calls = result.value["calls"]
    expect(
        calls <= MOST_CALLS,
        f"The model was called {calls:,} times; at most {MOST_CALLS} calls are allowed.",
        f"the reference called it {expected.value['calls']:,} times",
        advice="Give the model the whole Series that you are given, not one text after the other.",
    )


@pytest.mark.case("shop")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_lazy(result: Result, expected: Result) -> None:
    same_frame(result.value["rows"], expected.value["rows"])
    jobs = result.spark.jobs_before_action
    expect(
        jobs == 0,
        f"The function started {jobs} of Spark's jobs; it should start none.",
        advice="The mean can be a frame of one row, joined to all others with crossJoin: then it "
        "is part of the plan. Fetching it to the driver is an action.",
    )
