"""Checks of `starts_work`: which lines of a program start a job, as a function of their options."""

import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.evidence import Result

EXERCISE = Exercise(
    id="dataframes.starts_work",
    title="Which line starts the work?",
    section="what-starts-a-job",
    minutes=12,
    hints=(
        "Begin with the two plain kinds: lines that give back a frame note what to do, and lines "
        "that give back a result, or write one, are actions. Put the actions into a set.",
        "Some lines that give back a frame have to look at rows first, unless you tell them what "
        "they would find: the schema of a file, the values of a pivot, the types of a tuple's "
        "parts. localCheckpoint works at once only where eager is true.",
        'read.parquet and read.csv: not step["schema"]. pivot: not step["values"]. rdd.toDF: not '
        'step["types"]. localCheckpoint: step["eager"]. Everything else: do in {"count", '
        '"collect", "take", "show", "isEmpty", "toPandas", "write"}.',
    ),
)

LAZY = [
    *("select", "where", "distinct", "limit", "repartition", "orderBy", "join", "agg"),
    *("cache", "explain", "printSchema", "rdd.map", "rdd.reduceByKey"),
]
ACTIONS = ["count", "collect", "take", "show", "isEmpty", "toPandas", "write"]
LOOKING = [
    *({"do": "read.parquet", "schema": one} for one in (True, False)),
    *(
        {"do": "read.csv", "schema": one, "header": two, "inferSchema": three}
        for one in (True, False)
        for two in (True, False)
        for three in (True, False)
    ),
    *({"do": "pivot", "values": one} for one in (True, False)),
    *({"do": "localCheckpoint", "eager": one} for one in (True, False)),
    *({"do": "rdd.sortBy", "into": one} for one in (1, 2, 4)),
    *({"do": "rdd.toDF", "types": one} for one in (True, False)),
]


def plain(shop: Shop) -> list[Call]:
    """Every plain step once, and a program of some of them."""
    every = [*LAZY, *ACTIONS]
    some = [every[int(n)] for n in shop.random.integers(0, len(every), 12)]
    orders = shop.random.permutation(len(every))
    return [Call([{"do": every[n]} for n in orders]), Call([{"do": one} for one in some])]


def looking(shop: Shop) -> list[Call]:
    """Every step that may have to look at rows, with all its options."""
    return [Call([LOOKING[n] for n in shop.random.permutation(len(LOOKING))])]


def edges(shop: Shop) -> list[Call]:
    """No steps, one, one that stands there twice, and a sort into many partitions."""
    return [
        Call([]),
        Call([{"do": "show"}]),
        Call([{"do": "cache"}, {"do": "count"}, {"do": "cache"}]),
        Call([{"do": "rdd.sortBy", "into": 200}, {"do": "rdd.sortBy", "into": 1}]),
    ]


CASES = {
    "plain": Case(plain, self_check=("tiny",), grading=("small",), spark=True),
    "looking": Case(looking, self_check=("tiny",), grading=("small",), spark=True),
    "edges": Case(edges, self_check=("tiny",), grading=(), spark=True),
}


def _shown(step: dict[str, object]) -> str:
    options = ", ".join(f"{k}={v}" for k, v in step.items() if k != "do")
    return f"{step['do']}({options})"


def _same(result: Result, expected: Result) -> None:
    for call, returned, wanted in zip(result.calls, result.each(), expected.values, strict=True):
        steps = call.arguments[0]
        expect(
            isinstance(returned, list) and len(returned) == len(steps),
            f"A list with one value for each of the {len(steps)} steps was expected.",
            f"returned: {returned!r:.200}",
        )
        odd = [one for one in returned if not isinstance(one, bool)]
        expect(not odd, f"The values should be True or False; one is {odd[:1]!r:.60}.")
        too_many = [
            _shown(s) for s, r, w in zip(steps, returned, wanted, strict=True) if r and not w
        ]
        missed = [_shown(s) for s, r, w in zip(steps, returned, wanted, strict=True) if w and not r]
        wrong = len(too_many) + len(missed)
        expect(
            wrong == 0,
            f"{wrong} of {len(steps)} steps are judged wrongly.",
            *([f"these start no job: {', '.join(dict.fromkeys(too_many))}"] if too_many else []),
            *([f"these start a job: {', '.join(dict.fromkeys(missed))}"] if missed else []),
            advice="Run such a line within `with watched() as run:`, and look at run.jobs.",
        )


@pytest.mark.case("plain")
@pytest.mark.points(4)
def test_plain_steps(result: Result, expected: Result) -> None:
    _same(result, expected)


@pytest.mark.case("looking")
@pytest.mark.points(4)
def test_steps_that_look_first(result: Result, expected: Result) -> None:
    _same(result, expected)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    _same(result, expected)
