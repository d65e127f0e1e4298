"""Checks of `sessions`: what is dear to set up is set up once for each partition."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.compare import same_rows
from autograder.evidence import Result

EXERCISE = Exercise(
    id="rdds.sessions",
    title="Open the list once for each partition",
    section="once-per-partition",
    minutes=20,
    stretch=True,
    hints=(
        "filter is given one click at a time, so whatever it does is done for each. Which method "
        "of an RDD is given a whole partition at a time?",
        "mapPartitions(f) calls f once for each partition, with an iterator over its elements; f "
        "returns an iterator, too. A function with yield makes one.",
        "def of_people(part): bots = open_bots(), then for each click in part: if it counts, yield "
        "customer_id, second. Then clicks.mapPartitions(of_people).groupByKey().mapValues(count), "
        "with count as it was given.",
    ),
)

PER_PARTITION = 4
PARTITIONS = 8


def _frame(shop: Shop, rows: int) -> tuple[pd.DataFrame, list[str]]:
    """Customer, second and user agent of clicks in no order, and the bots' user agents."""
    clicks = shop.load("clicks", "customer_id", "clicked_at", "user_agent", "device").head(rows)
    clicks = clicks.iloc[shop.random.permutation(len(clicks))]
    seconds = clicks["clicked_at"].astype("int64") // 10**6
    bots = sorted(set(clicks.loc[clicks["device"] == "bot", "user_agent"]))
    who = clicks["customer_id"].astype("Int64")
    return pd.DataFrame(
        {"customer_id": who, "second": seconds, "user_agent": clicks["user_agent"]}
    ), bots


def _call(shop: Shop, frame: pd.DataFrame, partitions: int, gap_s: int, bots: list[str]) -> Call:
    made = Made("opener", (bots,), shown="open_bots")
    rows = shop.rdd_of(frame, partitions=partitions)
    return Call(rows, gap_s, made, then=Then("with_openings"))


def visits(shop: Shop) -> list[Call]:
    frame, bots = _frame(shop, 1_500 if shop.size == "tiny" else 15_000)
    gaps = (1_800, 60) if shop.size == "tiny" else (300,)
    return [_call(shop, frame, PARTITIONS, gap, bots) for gap in gaps]


def edges(shop: Shop) -> list[Call]:
    """A break of exactly the gap, clicks that are alike, a customer 0, only bots, no clicks."""
    few = pd.DataFrame(
        {
            "customer_id": pd.array([7, 7, 7, 7, 0, None, 9, 5, 5, 7], dtype="Int64"),
            "second": [230, 100, 130, 290, 5, 5, 8, 50, 50, 100],
            "user_agent": ["phone"] * 6 + ["spider", "phone", "phone", "spider"],
        }
    )
    bots = few[few["user_agent"] == "spider"]
    return [
        _call(shop, few, 4, 60, ["spider", "crawler"]),
        _call(shop, few, 1, 0, ["spider"]),
        _call(shop, bots, 2, 60, ["spider"]),
        _call(shop, few.head(0), 3, 60, ["spider"]),
    ]


CASES = {
    "visits": Case(visits, grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


@pytest.mark.case("visits")
@pytest.mark.points(2)
def test_values(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned["rows"], wanted["rows"])


@pytest.mark.case("edges")
@pytest.mark.points(1)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned["rows"], wanted["rows"])


@pytest.mark.case("visits")
@pytest.mark.points(7)
@pytest.mark.depends("test_values")
def test_openings(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned["rows"], wanted["rows"])
        opened = returned["opened"]
        expect(
            opened <= PER_PARTITION * PARTITIONS,
            f"The list of bots was opened {opened:,} times for {PARTITIONS} partitions.",
            f"the reference opened it {wanted['opened']:,} times",
            advice="Open it in a function that is given a whole partition: mapPartitions.",
        )
