"""Checks of `one_day`: a condition and a choice of columns that reach the reader of a file."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="dataframes.one_day",
    title="One day of a million orders",
    section="what-reaches-the-file",
    minutes=14,
    hints=(
        "The reader of the file knows the smallest and the largest ordered_at of each block of "
        "rows. It can use a condition that compares the column itself with a constant.",
        "A function of the column, such as date_format, hides it from the reader. Ask for "
        "ordered_at >= the day and ordered_at < the day after it. For the columns: select the "
        "three, and Spark reads no others.",
        "begin = datetime.date.fromisoformat(day); end = begin + datetime.timedelta(days=1); "
        "then .where((F.col('ordered_at') >= F.lit(begin)) & (F.col('ordered_at') < F.lit(end))) "
        ".select('order_id', 'city', 'amount_cents').",
    ),
)

NEEDED = {"order_id", "city", "amount_cents", "ordered_at"}
COMPARES = ("GreaterThan", "LessThan", "EqualTo", "In(", "EqualNullSafe")


def the_shop(shop: Shop) -> list[Call]:
    day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(shop.random.integers(0, 731)))
    return [Call(shop.file("orders"), f"{day:%Y-%m-%d}")]


def edges(shop: Shop) -> list[Call]:
    """Midnights, the last microsecond, missing times, alike rows, a leap day, a day of nothing."""
    times = [
        "2024-02-28 23:59:59.999999", "2024-02-29 00:00:00", "2024-02-29 00:00:00",
        "2024-02-29 12:30:00.5", "2024-02-29 23:59:59.999999", "2024-03-01 00:00:00",
        None, "2023-02-28 12:00:00", "2024-12-31 23:00:00", "2025-01-01 00:00:00",
    ]  # fmt: skip
    orders = pd.DataFrame(
        {
            "order_id": [1, 2, 2, 3, 4, 5, 6, 7, 8, 9],
            "ordered_at": pd.to_datetime(pd.Series(times), utc=True, format="ISO8601").astype(
                "datetime64[us, UTC]"
            ),
            "city": ["Graz", None, None, "Wels", "Graz", "Graz", "Linz", "Linz", "Graz", None],
            "note": ["n"] * 10,
            "amount_cents": [100, 101, 101, *range(103, 110)],
        }
    )
    path = shop.parquet_of(orders, "orders_of_four_days")
    days = ("2024-02-29", "2024-03-01", "2024-12-31", "2024-06-01")
    return [Call(path, day) for day in days]


CASES = {
    "shop": Case(the_shop, self_check=("tiny", "small"), grading=("medium",), spark=True),
    "edges": Case(edges, self_check=("tiny",), grading=(), spark=True),
}


@pytest.mark.case("shop")
@pytest.mark.points(5)
def test_values(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for call, returned, wanted in zip(result.calls, result.each(), expected.values, strict=True):
        same_frame(
            returned,
            wanted,
            advice=f"The day {call.arguments[1]} begins at its midnight and ends before the next.",
        )


@pytest.mark.case("shop")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_condition_reaches_the_file(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value)
    pushed = [one for one in result.spark.pushed_filters if "ordered_at" in one]
    expect(
        any(one.startswith(COMPARES) for one in pushed),
        "The reader of the file was given no comparison of ordered_at.",
        f"PushedFilters: {', '.join(result.spark.pushed_filters) or 'none'}",
        advice="Compare ordered_at itself with the begin and the end of the day. A Python "
        "function, or one such as date_format, hides the column from the reader.",
    )
    read, least = result.spark.bytes_read, expected.spark.bytes_read
    expect(
        read <= 2 * least or not result.spark.columns_read <= NEEDED,  # that is the next check's
        f"{read / 1e6:,.1f} MB were read; the reference reads {least / 1e6:,.1f} MB.",
        advice="Blocks of rows that hold nothing of the day need not be read.",
    )
    brought = result.spark.rows_to_driver
    expect(
        brought == 0,
        f"The function itself brought {brought:,} rows to the driver.",
        advice="Return the frame; toPandas and collect are not needed.",
    )


@pytest.mark.case("shop")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_columns_that_are_read(result: Result, expected: Result) -> None:
    same_frame(result.value, expected.value)
    expect(
        bool(result.spark.columns_read),
        "Spark read no column of the file: its rows came to it from elsewhere.",
        advice="Read the file with Spark: rows that pandas reads all come to the driver.",
    )
    surplus = sorted(result.spark.columns_read - NEEDED)
    expect(
        not surplus,
        f"{len(surplus)} columns were read that the result does not need.",
        f"not needed: {', '.join(surplus)}",
        advice="Select the columns before what needs whole rows, such as cache or toPandas.",
    )
