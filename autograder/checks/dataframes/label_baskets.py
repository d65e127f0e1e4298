"""Checks of `label_baskets`: the rules of a Python function in words that Spark knows."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="dataframes.label_baskets",
    title="Labels without Python",
    section="functions-in-python",
    minutes=12,
    hints=(
        "A chain of F.when(...).when(...).otherwise(...) is read from the left, as if and elif "
        "are: the first condition that is true decides.",
        "A condition that is null counts as not true, so a missing note or discount needs no rule "
        "of its own. Only for the missing courier, ask with isNull().",
        'F.when(F.col("courier").isNull(), "collected").when(F.col("note").contains("?"), '
        '"question").when(F.col("discount") >= 0.3, "bargain").when((F.col("items") >= 10) & '
        '(F.col("amount_cents") / F.col("items") < 2_000), "bulk") and so on, '
        'with .otherwise("plain") at the end.',
    ),
)

COLUMNS = ("order_id", "items", "amount_cents", "discount", "courier", "note")


def the_shop(shop: Shop) -> list[Call]:
    return [Call(shop.spark("orders", *COLUMNS))]


def edges(shop: Shop) -> list[Call]:
    """Values at each rule's edge, missing ones, rules that apply together, alike rows, no rows."""
    rows = [
        (1, 1, 100, None, None, "why?"),
        (2, 1, 100, 0.5, None, None),
        (3, 1, 100, 0.5, "Hermod", "why?"),
        (4, 1, 100, 0.5, "Hermod", ""),
        (5, 12, 100, 0.3, "Hermod", None),
        (6, 12, 100, 0.29, "Hermod", None),
        (7, 10, 20_000, None, "Hermod", None),
        (8, 10, 19_999, None, "Hermod", "no"),
        (9, 9, 100, 0.0, "Hermod", None),
        (10, 3, 50_000, None, "Hermod", None),
        (11, 3, 49_999, None, "Hermod", None),
        (12, 40, 70_000, None, "Hermod", None),
        (13, 7, 4_000_000_000, None, "Hermod", None),
        (13, 7, 4_000_000_000, None, "Hermod", None),
        (14, 30, 59_999, None, "", None),
        (15, 11, 21_999, None, "Hermod", "？ is no question mark of ours"),
        (16, 1, 100, None, "Hermod", "?"),
        (17, 1, 1, None, "Hermod", "two\nlines?"),
    ]
    few = pd.DataFrame(rows, columns=list(COLUMNS))
    bare = few.head(3).assign(discount=None, courier=None, note=None)
    bare = bare.astype({"discount": "Float64", "courier": "string", "note": "string"})
    return [
        Call(shop.spark_of(few)),
        Call(shop.spark_of(bare)),
        Call(shop.spark_of(bare.head(0))),
    ]


CASES = {
    "shop": Case(the_shop, grading=("small", "medium")),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


@pytest.mark.case("shop")
@pytest.mark.points(2)
def test_values(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value, advice="Only the first rule that applies counts.")


@pytest.mark.case("edges")
@pytest.mark.points(1)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_frame(returned, wanted, advice="Look at values that lie on the edge of a rule.")


@pytest.mark.case("shop")
@pytest.mark.points(6)
@pytest.mark.depends("test_values")
def test_no_row_goes_through_python(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value)
    nodes = [name for name, _ in result.spark.python_nodes]
    expect(
        not nodes,
        f"Rows still go through Python: the plan has {', '.join(nodes)}.",
        advice="Write the rules with F.when and otherwise, or with CASE WHEN in SQL. A pandas UDF "
        "is Python, too.",
    )


@pytest.mark.case("shop")
@pytest.mark.points(1)
@pytest.mark.depends("test_no_row_goes_through_python")
def test_lazy(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value)
    jobs = result.spark.jobs_before_action
    expect(
        jobs == 0,
        f"The function started {jobs} of Spark's jobs; it should start none.",
        advice="Return the frame as select gives it.",
    )
