"""Checks of `features`: what the entries of a vector mean, in whatever order they stand."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Gap, Shop, Then, expect
from autograder.checks.mllib._frames import deliveries
from autograder.evidence import Result

EXERCISE = Exercise(
    id="mllib.features",
    title="From columns to a vector",
    section="from-columns-to-a-vector",
    minutes=18,
    hints=(
        "Five stages: texts to places, places to zeros and ones, numbers to a vector, that vector "
        "scaled, and all of it put into one vector. Each stage is given names of columns, and "
        "learns the rest when the pipeline is fitted.",
        'StringIndexer(handleInvalid="keep") has one more place, the last, for what it has not '
        "seen and for null. OneHotEncoder leaves out the last place by itself: then such a row has "
        "zeros only. StandardScaler works on a vector, and does not centre unless it is told to.",
        'StringIndexer(inputCols=categories, outputCols=places, handleInvalid="keep"), '
        "OneHotEncoder(inputCols=places, outputCols=dummies), VectorAssembler(inputCols=numbers, "
        'outputCol="numbers"), StandardScaler(inputCol="numbers", outputCol="scaled", '
        'withMean=True), VectorAssembler(inputCols=["scaled", *dummies], outputCol="features").',
    ),
)

CATEGORIES, NUMBERS = ["courier"], ["distance_km", "weight_g"]
COLUMNS = ("order_id", *CATEGORIES, *NUMBERS, "dispatched_at")
LONGEST = 120  # seconds: a fit has many small jobs, and the machine may have much else to do
CLOSE = 1e-6  # entries are whole, or some standard deviations


def the_shop(shop: Shop) -> list[Call]:
    """The shop's deliveries of a while, and later ones that are heavier and come from farther."""
    rows = deliveries(shop, 3_000, *COLUMNS).dropna().sort_values("dispatched_at")
    rows = rows.drop_duplicates("order_id").astype({"weight_g": "float64"})
    train, other = rows.iloc[: len(rows) * 3 // 4], rows.iloc[len(rows) * 3 // 4 :]
    return [
        Call(
            CATEGORIES,
            NUMBERS,
            then=Then("vectors", (shop.spark_of(train), shop.spark_of(other.head(200)))),
            seconds=LONGEST,
        )
    ]


def edges(shop: Shop) -> list[Call]:
    """Nulls and unseen texts, texts in one row only, a single text; two categories, one number."""
    train = pd.DataFrame(
        {
            "order_id": range(8),
            "kind": ["box", None, "letter", "box", "box", "bag", "roll", "box"],
            "zone": ["A", "A", "A", "A", None, "A", "A", "A"],
            "kg": [1.0, 1.0, 1.0, 0.0, -3.0, 8.0, 1.0, 1.0],
        }
    )
    other = pd.DataFrame(
        {
            "order_id": range(5),
            "kind": ["Box", None, "letter", "crate", "bag"],
            "zone": ["B", "A", None, "C", "A"],
            "kg": [50.0, 60.0, 70.0, 80.0, 90.0],
        }
    )
    then = Then("vectors", (shop.spark_of(train), shop.spark_of(other)))
    return [Call(["kind", "zone"], ["kg"], then=then, seconds=LONGEST)]


CASES = {
    "shop": Case(the_shop, self_check=("tiny",), grading=("small",), spark=True),
    "edges": Case(edges, self_check=("tiny",), grading=(), spark=True),
}


def _in_order(value: Any, name: str) -> pd.DataFrame:
    frame: pd.DataFrame = value[name]
    expect(
        "order_id" in frame.columns,
        "The rows have lost their column order_id.",
        advice="A stage adds columns; those that are there should stay.",
    )
    return frame.sort_values("order_id").set_index("order_id")


def _same_vectors(returned: Any, wanted: Any, names: tuple[str, ...]) -> None:
    """Raise `Gap` unless the vectors have the entries of `wanted`, in whatever order they stand."""
    have, want = ([_in_order(one, name) for name in names] for one in (returned, wanted))
    for one, other in zip(have, want, strict=True):
        rows = list(one.index) == list(other.index)
        expect(
            rows,
            f"{len(other):,} rows were given to the model, and {len(one):,} came back."
            if len(one) != len(other)
            else "The rows that came back are not those that were given to the model.",
            advice="A row with a text that was not seen, or with none, stays, with entries of 0.",
        )
    have, want = ([one for one in side if len(one)] for side in (have, want))
    sizes = [one.shape[1] for one in have]
    expect(
        sizes == [one.shape[1] for one in want],
        f"The vector has {sizes[0]} entries; {want[0].shape[1]} were asked for.",
        advice="One entry for each number, and one for each text that occurs in train. None for "
        "what was not seen, and none left out.",
    )
    left, right = np.vstack(have), np.vstack(want)
    n = len(_in_order(wanted, "train"))
    free = list(range(left.shape[1]))
    for place in range(right.shape[1]):
        forms = (right[:, place], right[:, place] * np.sqrt(n / (n - 1)))  # n - 1, or n
        for column in free:
            if any(np.allclose(left[:, column], form, rtol=CLOSE, atol=CLOSE) for form in forms):
                free.remove(column)
                break
        else:
            _tell(left, right, place, free)


def _tell(left: Any, right: Any, place: int, free: list[int]) -> None:
    """Say which entry is missing, and show the first rows of what is there."""

    def rows(entries: Any) -> list[str]:
        return ["  " + " ".join(f"{one:8.3f}" for one in row) for row in entries[:4]]

    truth = set(np.unique(right[:, place])) <= {0.0, 1.0}
    raise Gap(
        "One of the entries is not there: that of a text, 1 where a row has it, and 0 where not."
        if truth
        else "One of the entries is not there: that of a number, less its mean, divided by its "
        "standard deviation.",
        [
            "the first vectors that came back:",
            *rows(left),
            "expected there, in any order of the entries:",
            *rows(right),
        ],
        "Means, standard deviations and texts are those of the frame that the pipeline is fitted "
        "on.",
    )


@pytest.mark.case("shop")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    """The rows on which the pipeline was fitted."""
    _same_vectors(result.value, expected.value, ("train",))


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    _same_vectors(result.value, expected.value, ("train", "other"))


@pytest.mark.case("shop")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_later_rows(result: Result, expected: Result) -> None:
    """Rows that come later are measured by those that the pipeline was fitted on."""
    _same_vectors(result.value, expected.value, ("train", "other"))


@pytest.mark.case("shop")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_columns_stay(result: Result, expected: Result) -> None:
    _same_vectors(result.value, expected.value, ("train",))
    lost = [name for name in expected.value["columns"] if name not in result.value["columns"]]
    expect(
        not lost,
        f"The rows have lost columns: {', '.join(lost)}.",
        advice="Who scores parcels needs to know which. A stage adds columns; those that are there "
        "should stay.",
    )
