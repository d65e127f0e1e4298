"""Checks of `bad_lines`: a count that is right however often an RDD is used."""

import pandas as pd
import pytest

from autograder.checking import Call, Case, Exercise, Shop, Then, expect
from autograder.compare import same_number, same_rows
from autograder.evidence import Result

EXERCISE = Exercise(
    id="rdds.bad_lines",
    title="How many lines were broken?",
    section="accumulators",
    minutes=15,
    hints=(
        "What runs inside flatMap runs in another process, perhaps never, perhaps several times. "
        "A count that is made there on the way is not to be relied on.",
        "The function that you return may ask Spark itself. Which lines are broken, and which "
        "action counts them where they are?",
        "def how_many(): return lines.filter(lambda line: not parse(line)).count(), where "
        "parse gives an empty list for a broken line; return lines.flatMap(parse), how_many.",
    ),
)

TASK_KB = 20


def _lines(shop: Shop, rows: int, broken_every: int) -> pd.DataFrame:
    """Lines of tills; one in `broken_every` is broken, in each of the ways in turn."""
    orders = shop.load("orders", "order_id", "amount_cents").head(rows)
    pairs = orders.itertuples(index=False, name=None)
    lines = [f"{number * 7919 % 1000};{cents}" for number, cents in pairs]
    forms = ("{}", "", "{};12;13", "till;{}", "{};much", "the paper of till {} ran out at noon")
    for turn, place in enumerate(range(1, len(lines), broken_every)):
        till = lines[place].split(";")[0]
        lines[place] = forms[turn % len(forms)].format(till)
    return pd.DataFrame({"line": lines})


def uses(shop: Shop) -> list[Call]:
    """Not used, used once, and used three times."""
    rows = 1_000 if shop.size == "tiny" else 10_000
    lines = shop.rdd_of(_lines(shop, rows, 30), partitions=3)
    return [Call(lines, then=Then("used", (times,))) for times in (1, 0, 3)]


def edges(shop: Shop) -> list[Call]:
    """Only broken lines, only good ones, lines that are alike, and none."""
    broken = pd.DataFrame({"line": ["", ";", "1;", "x", "x", "1;2;3", "1,2"]})
    good = pd.DataFrame({"line": ["0;0", "7;100", "7;100", "7;3000000000"]})
    return [
        Call(shop.rdd_of(frame, partitions=4), then=Then("used", (1,)))
        for frame in (broken, good, good.head(0))
    ]


def many_broken(shop: Shop) -> list[Call]:
    """Every second line is broken."""
    rows = shop.rdd_of(_lines(shop, 40_000, 2), partitions=4)
    return [Call(rows, then=Then("only_counted"))]


CASES = {
    "uses": Case(uses, self_check=("tiny",), grading=("small",)),
    "edges": Case(edges, self_check=("tiny",), grading=()),
    "broken": Case(many_broken, self_check=("small",), grading=("small",)),
}


def _times(result: Result, number: int) -> str:
    times = (1, 0, 3)[number]
    return {0: "before the RDD was used", 1: "after it was used once"}.get(
        times, f"after it was used {times} times"
    )


@pytest.mark.case("uses")
@pytest.mark.points(2)
def test_records(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned["records"], wanted["records"])


@pytest.mark.case("uses")
@pytest.mark.points(4)
@pytest.mark.depends("test_records")
def test_count(result: Result, expected: Result) -> None:
    for number, (returned, wanted) in enumerate(zip(result.each(), expected.values, strict=True)):
        same_rows(returned["records"], wanted["records"])
        first, second = returned["bad"]
        what = f"the broken lines, {_times(result, number)}"
        same_number(first, wanted["bad"][0], relative=0, what=what)
        same_number(second, first, relative=0, what=f"{what}, at a second call")


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_rows(returned["records"], wanted["records"])
        for one in returned["bad"]:
            same_number(one, wanted["bad"][0], relative=0, what="the broken lines")


@pytest.mark.case("broken")
@pytest.mark.points(2)
@pytest.mark.depends("test_count")
def test_lines_stay(result: Result, expected: Result) -> None:
    same_number(result.value, expected.value, relative=0, what="the broken lines")
    facts = result.spark
    tasks = [*facts.called.tasks, *facts.acted.tasks]
    most = max((task.result_bytes for task in tasks), default=0) / 1000
    expect(
        most <= TASK_KB,
        f"One task brought {most:,.0f} KB to the driver; at most {TASK_KB} KB are allowed.",
        advice="Count the broken lines where they are, with filter and count. collect brings them "
        "all to the driver to count them there.",
    )
