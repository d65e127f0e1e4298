"""Checks of `parse_clicks`: from lines of text to tuples, the broken ones left out."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_rows
from autograder.evidence import Result

EXERCISE = Exercise(
    id="rdds.parse_clicks",
    title="One line, one click",
    section="map-filter-flatmap",
    minutes=8,
    hints=(
        "A text that is empty is false in Python: `if customer_id` tells whether there is one. "
        "int() and float() raise a ValueError for a word, and the except below catches it.",
        "parse returns a list: with one tuple for a good line, with nothing for a broken one. "
        "Which method of an RDD makes none, one or several elements of each?",
        "return [(int(click_id), int(customer_id) if customer_id else None, page, float(seconds) "
        "if seconds else None)], and at the end return lines.flatMap(parse).",
    ),
)

BREAK_EVERY = 40


def clicks_as_lines(shop: Shop) -> list[Call]:
    """Lines of the shop's clicks; one in forty is broken, in each of the ways in turn."""
    columns = ("click_id", "customer_id", "page", "seconds")
    clicks = shop.load("clicks", *columns).head(2_000 if shop.size == "tiny" else 20_000)
    lines = [
        f"{click},{'' if pd.isna(who) else int(who)},{page},{'' if pd.isna(long) else long}"
        for click, who, page, long in clicks.itertuples(index=False, name=None)
    ]
    for turn, place in enumerate(range(5, len(lines), BREAK_EVERY)):
        click, who, page, long = lines[place].split(",")
        lines[place] = (
            "",
            f"{click},{who},{page}",
            f"unknown,{who},{page},{long}",
            f"{click},guest,{page},{long}",
            f"{click},{who},{page},long",
            f"{click},{who},{page},{long},x",
            f"{click}",
        )[turn % 7]
    return [Call(shop.rdd_of(pd.DataFrame({"line": lines}), partitions=4))]


def edges(shop: Shop) -> list[Call]:
    """Missing fields, lines that are alike, only broken lines, and no lines."""
    good = ["1,,home,", "2,7,,3.5", "2,7,,3.5", "3,0,basket,0.0", "4,8,search,12"]
    broken = ["", ",,,", "x,1,home,2.0", "1,2,home", "1,2,home,3.0,4", ",1,home,2.0"]
    every = pd.DataFrame({"line": good + broken})
    return [
        Call(shop.rdd_of(every, partitions=8)),
        Call(shop.rdd_of(every.tail(len(broken)), partitions=2)),
        Call(shop.rdd_of(every.head(0), partitions=3)),
    ]


CASES = {
    "clicks": Case(clicks_as_lines, grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
}


@pytest.mark.case("clicks")
@pytest.mark.points(6)
def test_values(result: Result, expected: Result) -> None:
    same_rows(result.value, expected.value)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned, wanted)


@pytest.mark.case("clicks")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_lazy(result: Result, expected: Result) -> None:
    same_rows(result.value, expected.value)
    jobs = result.spark.jobs_before_action
    expect(
        jobs == 0,
        f"The function started {jobs} of Spark's jobs; it should start none.",
        advice="Return the RDD as flatMap, map or filter gives it. collect, count and take are "
        "actions: they run all that comes before them.",
    )
