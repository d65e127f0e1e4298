"""Checks of `exchanges`: how often a described program shuffles, told without running it."""

from typing import Any

import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.evidence import Result

EXERCISE = Exercise(
    id="dataframes.exchanges",
    title="How often will it shuffle?",
    section="counting-shuffles",
    minutes=18,
    stretch=True,
    hints=(
        "Go through the steps and remember by which columns the rows lie together at the moment. "
        "A step that finds them as it needs them shuffles nothing.",
        "group and window are content when the rows lie together by some of their columns: rows "
        "with the same city and day also have the same city. A join that is not small needs both "
        "sides by exactly its columns; the other side comes from a file, so it always moves.",
        "found, lies_by = 0, None. group and window: unless lies_by is not None and lies_by <= "
        "set(by), add 1 and set lies_by = set(by). A join that is not small: add 1, and another 1 "
        "unless lies_by == set(by). repartition and order: add 1, and lies_by = None.",
    ),
)

NAMES = ("city", "courier", "status")
Step = dict[str, Any]


def _by(draw: Any, names: list[str]) -> list[str]:
    many = int(draw.integers(1, len(names) + 1))
    return sorted(names[n] for n in draw.permutation(len(names))[:many])


def program(draw: Any, kinds: tuple[str, ...], most: int = 6) -> list[Step]:
    """A program within what the exercise describes, drawn at random."""
    names = list(NAMES)
    steps: list[Step] = []
    for _ in range(int(draw.integers(1, most + 1))):
        kind = kinds[int(draw.integers(0, len(kinds)))]
        done = [step["do"] for step in steps]
        if kind == "window" and kind in done:
            kind = "group"
        if kind == "repartition" and kind in done:
            kind = "where"
        step: Step = {"do": kind}
        if kind in {"group", "window", "join"}:
            step["by"] = _by(draw, names)
        if kind == "join":
            step["small"] = bool(draw.integers(0, 2))
        if kind == "group":
            names = step["by"]
        steps.append(step)
    if draw.integers(0, 4) == 0:
        steps.append({"do": "order", "by": _by(draw, names)})
    return steps


def groups(shop: Shop) -> list[Call]:
    draw = shop.random
    kinds = ("where", "group", "group", "window", "select", "repartition")
    return [Call(program(draw, kinds)) for _ in range(16)]


def joins(shop: Shop) -> list[Call]:
    draw = shop.random
    kinds = ("where", "group", "window", "join", "join", "join", "repartition")
    few, more = ([*NAMES][: 1 + n] for n in (0, int(draw.integers(1, 3))))
    join: dict[int, Step] = {
        len(by): {"do": "join", "by": by, "small": False} for by in (few, more)
    }
    in_turn: list[list[Step]] = [  # more columns after fewer, fewer after more, dealt out anew
        [join[len(few)], {"do": "group", "by": more}],
        [join[len(more)], {"do": "group", "by": few}],
        [{"do": "window", "by": few}, join[len(more)]],
        [join[len(few)], {"do": "repartition"}, {"do": "group", "by": few}],
    ]
    return [*map(Call, in_turn), *(Call(program(draw, kinds)) for _ in range(16))]


def edges(shop: Shop) -> list[Call]:
    """No steps, steps that never shuffle, the same columns again, fewer of them, and more."""
    one, two = ["city"], ["city", "status"]

    def join(by: list[str], small: bool = False) -> Step:
        return {"do": "join", "by": by, "small": small}

    def group(by: list[str]) -> Step:
        return {"do": "group", "by": by}

    def window(by: list[str]) -> Step:
        return {"do": "window", "by": by}

    programs: list[list[Step]] = [
        [],
        [{"do": "where"}, {"do": "select"}],
        [join(one, small=True)],
        [group(two), group(two)],
        [group(two), group(one)],
        [window(one), group(two)],
        [window(one), join(two)],
        [window(one), join(one), group(one)],
        [join(one), join(one), join(one)],
        [join(one), {"do": "repartition"}, group(one)],
        [group(two), join(one, small=True), group(two)],
        [group(one), {"do": "where"}, {"do": "order", "by": one}],
    ]
    return [Call(steps) for steps in programs]


CASES = {
    "groups": Case(groups, self_check=("tiny",), grading=("small",), spark=True),
    "joins": Case(joins, self_check=("tiny",), grading=("small",), spark=True),
    "edges": Case(edges, self_check=("tiny",), grading=(), spark=True),
}


def _shown(step: Step) -> str:
    by = ", ".join(step.get("by", ()))
    return f"{step['do']}({by}{', small' if step.get('small') else ''})"


def _same(result: Result, expected: Result) -> None:
    for call, returned, wanted in zip(result.calls, result.each(), expected.values, strict=True):
        steps = " -> ".join(map(_shown, call.arguments[0])) or "no steps"
        expect(
            type(returned) is int,
            f"A whole number was expected, and {returned!r:.80} came back.",
            f"for: {steps}",
        )
        expect(
            returned == wanted,
            f"{wanted} shuffles were expected, and {returned} came back.",
            f"for: {steps}",
            advice="Write down after each step by which columns the rows lie together.",
        )


@pytest.mark.case("groups")
@pytest.mark.points(4)
def test_groups_and_windows(result: Result, expected: Result) -> None:
    _same(result, expected)


@pytest.mark.case("joins")
@pytest.mark.points(4)
def test_joins(result: Result, expected: Result) -> None:
    _same(result, expected)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    _same(result, expected)
