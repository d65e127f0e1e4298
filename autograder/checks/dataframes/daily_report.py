"""Checks of `daily_report`: what is used three times is computed once, kept narrow, and let go."""

from typing import Any

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.compare import same_frame
from autograder.evidence import Result

EXERCISE = Exercise(
    id="dataframes.daily_report",
    title="Parse once, report three times",
    section="caching",
    minutes=18,
    stretch=True,
    hints=(
        "Each save is an action, and each action computes its frame from the beginning. What can "
        "keep the rows that all three need?",
        "cache() on a frame notes that its rows are to be kept; the first save fills it. Keep only "
        "the columns that the reports use: line is long, and nobody asks for it. unpersist() lets "
        "the rows go, and has to come after the last save.",
        'kept = people.select("customer_id", F.hour("clicked_at").alias("hour"), "page", "device", '
        '"seconds").cache(); the three reports from kept; then kept.unpersist().',
    ),
)

COLUMNS = ("click_id", "customer_id", "clicked_at", "page", "device", "seconds")
MOST_PARSED = 1.2  # of the rows
CACHE_MB, DRIVER_MB = 1.5, 0.5
NAMES = ("pages", "devices", "hours")


def _call(shop: Shop, clicks: pd.DataFrame) -> Call:
    events = Made("costly", (clicks,), shown="events")
    return Call(events, Made("save", (), shown="save"), then=Then("saved", ()))


def a_day(shop: Shop) -> list[Call]:
    """Clicks with the line that each was parsed from; in some the device is missing."""
    rows = 2_000 if shop.size == "tiny" else 30_000
    clicks = shop.load("clicks", *COLUMNS).head(rows)
    missing = shop.random.integers(0, 25, len(clicks)) == 0
    noise = shop.random.integers(0, 2**63, (len(clicks), 6))
    line = [" ".join(f"{n:x}" for n in row) for row in noise]
    clicks = clicks.assign(
        device=clicks["device"].mask(missing),
        customer_id=clicks["customer_id"].astype("Int64"),
        line=line,
    )
    return [_call(shop, clicks.drop(columns="click_id"))]


def edges(shop: Shop) -> list[Call]:
    """Alike clicks, missing values, a page without times, and no clicks but those of bots."""
    few = pd.DataFrame(
        {
            "customer_id": pd.array([7, 7, None, 8, 8, 9, None], dtype="Int64"),
            "clicked_at": pd.to_datetime(
                ["2025-03-01T00:00:00Z", "2025-03-01T00:00:00Z", "2025-03-01T23:59:59Z"]
                + ["2025-03-02T05:00:00Z"] * 4
            ),
            "page": ["home", "home", "home", "search", "basket", "home", "search"],
            "device": ["phone", "phone", "tablet", "bot", None, "phone", "phone"],
            "seconds": [1.5, 1.5, 2.0, 9.0, 9.0, None, None],
            "line": list("abcdefg"),
        }
    )
    return [_call(shop, few), _call(shop, few[few["device"] == "bot"])]


CASES = {
    "day": Case(a_day, self_check=("small",), grading=("small",), spark=True),
    "edges": Case(edges, self_check=("tiny",), grading=(), spark=True),
}


def _same(returned: Any, wanted: Any) -> None:
    saved = [name.removeprefix("report ") for name in returned if name.startswith("report ")]
    missing = [name for name in NAMES if name not in saved]
    expect(
        not missing,
        f"These reports were not saved: {', '.join(missing)}.",
        advice="Call save(name, frame) for each of the three reports, within the function.",
    )
    surplus = [name for name in saved if name not in NAMES]
    expect(not surplus, f"These were saved, and not asked for: {', '.join(surplus)}.")
    for name in NAMES:
        have, want = returned[f"report {name}"], wanted[f"report {name}"]
        same_frame(have, want, advice=f"This is the report {name}.")


@pytest.mark.case("day")
@pytest.mark.points(2)
def test_values(result: Result, expected: Result) -> None:
    _same(result.value, expected.value)


@pytest.mark.case("edges")
@pytest.mark.points(1)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        _same(returned, wanted)


@pytest.mark.case("day")
@pytest.mark.points(4)
@pytest.mark.depends("test_values")
def test_parsed_once(result: Result, expected: Result) -> None:
    _same(result.value, expected.value)
    parsed, rows = result.value["parsed"], result.value["rows"]
    expect(
        parsed <= MOST_PARSED * rows,
        f"The parser ran over {parsed:,} rows; there are {rows:,}, so {parsed / rows:.1f} times "
        "over each.",
        advice="Each action computes its frame from the beginning, unless the rows were kept. "
        "cache() has to stand before the first save, on a frame that all reports are made from.",
    )


@pytest.mark.case("day")
@pytest.mark.points(2)
@pytest.mark.depends("test_parsed_once")
def test_kept_narrow(result: Result, expected: Result) -> None:
    kept = result.value["cached_bytes"] / 1e6
    expect(
        kept <= CACHE_MB,
        f"{kept:,.1f} MB were in the cache; at most {CACHE_MB} MB are allowed.",
        f"the reference keeps {expected.value['cached_bytes'] / 1e6:,.1f} MB",
        advice="Select the columns that the reports use before cache(): frames are kept whole.",
    )
    brought = result.spark.bytes_to_driver / 1e6
    expect(
        brought <= DRIVER_MB,
        f"{brought:,.1f} MB were brought to the driver; at most {DRIVER_MB} MB are allowed.",
        advice="Keep the rows where they are, with cache(). toPandas and collect bring them all "
        "into one process.",
    )


@pytest.mark.case("day")
@pytest.mark.points(1)
@pytest.mark.depends("test_parsed_once")
def test_let_go(result: Result, expected: Result) -> None:
    left = result.value["left"]
    expect(
        left == 0,
        "When the function had returned, rows that it kept were still in the cache.",
        advice="Call unpersist() after the last save. The cache belongs to the session: what is "
        "left there takes room from every program after this one.",
    )
