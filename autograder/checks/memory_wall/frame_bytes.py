"""Checks of `frame_bytes`: a frame's memory, from its schema alone."""

import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_number
from autograder.evidence import Result

EXERCISE = Exercise(
    id="memory_wall.frame_bytes",
    title="What will this frame weigh?",
    section="what-a-frame-weighs",
    minutes=10,
    hints=(
        "The number at the end of a dtype's name counts bits. Eight bits are one byte. bool and "
        "datetime64[ns] are the two that you have to know: 1 and 8.",
        "A category column is stored in two parts: one small code per row, and each category "
        "once. How many bytes a code needs depends on how many categories there are.",
        "Codes are int8 for up to 126 categories, int16 for up to 32,766, else int32. The "
        "categories themselves are 8-byte integers here: 8 bytes each. Add rows * code to "
        "8 * categories.",
    ),
)

FIXED = ("int8", "int16", "int32", "int64", "float32", "float64", "bool", "datetime64[ns]")
BUDGET_MB = 40


def fixed_width(shop: Shop) -> list[Call]:
    """Every dtype alone, then a schema of several, at row counts drawn from the seed."""
    draw = shop.random
    alone = [Call({"a": dtype}, int(draw.integers(1, 10**6))) for dtype in FIXED]
    mixed = {f"c{i}": str(draw.choice(FIXED)) for i in range(9)}
    return [*alone, Call(mixed, int(draw.integers(1, 10**6))), Call({}, 1_000)]


def categories(shop: Shop) -> list[Call]:
    """Cardinalities around the points where a code needs another byte; one among other columns.

    Many categories come with few rows for each, so that forgetting the categories always shows.
    """
    draw = shop.random
    few = [int(draw.integers(2, 120)), 126, 127, 32_766, 32_767]
    some = [int(draw.integers(200, 30_000)), int(draw.integers(40_000, 90_000))]
    alone = [
        Call({"kind": f"category[{many}]"}, int(many * draw.uniform(1.5, 3) + 100))
        for many in [*few, *some]
    ]
    among = {"at": "datetime64[ns]", "kind": f"category[{some[0]}]", "gift": "bool"}
    return [*alone, Call(among, 2 * some[0])]


def no_rows(shop: Shop) -> list[Call]:
    return [
        Call({"a": "int64", "b": "bool"}, 0),
        Call({"a": "category[5]"}, 0),
    ]


def a_billion_rows(shop: Shop) -> list[Call]:
    """A prediction needs no memory, however large the frame would be."""
    schema = {f"c{i}": "float64" for i in range(40)}
    return [Call(schema, 10**9, budget_mb=BUDGET_MB)]


CASES = {
    "fixed": Case(fixed_width, self_check=("tiny",), grading=("small",)),
    "categories": Case(categories, self_check=("tiny",), grading=("small",)),
    "no_rows": Case(no_rows, self_check=("tiny",), grading=()),
    "billion": Case(a_billion_rows, self_check=("medium",), grading=("medium",)),
}


def _schema_of(result: Result, number: int) -> str:
    schema, rows = result.calls[number].arguments
    return f"{schema} with {rows:,} rows"


@pytest.mark.case("fixed")
@pytest.mark.points(3)
def test_fixed_width(result: Result, expected: Result) -> None:
    for number, (returned, wanted) in enumerate(zip(result.each(), expected.values, strict=True)):
        same_number(returned, wanted, what=_schema_of(result, number), unit="bytes")


@pytest.mark.case("categories")
@pytest.mark.points(3)
def test_categories(result: Result, expected: Result) -> None:
    for number, (returned, wanted) in enumerate(zip(result.each(), expected.values, strict=True)):
        what = _schema_of(result, number)
        same_number(returned, wanted, relative=0.10, what=what, unit="bytes")


@pytest.mark.case("no_rows")
@pytest.mark.points(2)
def test_no_rows(result: Result, expected: Result) -> None:
    for number, (returned, wanted) in enumerate(zip(result.each(), expected.values, strict=True)):
        same_number(returned, wanted, what=_schema_of(result, number), unit="bytes")


@pytest.mark.case("billion")
@pytest.mark.points(2)
@pytest.mark.depends("test_fixed_width")
def test_without_building_it(result: Result, expected: Result) -> None:
    expect(
        result.outcomes[0].outcome != "memory",
        f"It used more than {BUDGET_MB} MiB to predict the size of a frame of 40 columns and a "
        "billion rows.",
        advice="Compute the size from the schema. Building the frame, or one column of it, is "
        "what the prediction is meant to save.",
    )
    same_number(result.value, expected.value, what="40 float64 columns, 10^9 rows", unit="bytes")
