"""Checks of `partition_sizes`: which partition a key goes into, and what a hot key costs."""

import numpy as np
import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.compare import same_number
from autograder.evidence import Result

EXERCISE = Exercise(
    id="rdds.partition_sizes",
    title="Who will finish last?",
    section="a-hot-key",
    minutes=12,
    stretch=True,
    hints=(
        "All rows of one key go into one partition, however many there are. Work out where a "
        "single row goes, and count one there.",
        "An even spread has len(keys) / n rows in each partition. The largest partition divided "
        "by that is the slowdown.",
        "sizes = [0] * n; for key in keys: sizes[0 if key is None else key % n] += 1. The slowdown "
        "is max(sizes) * n / len(keys), and 1.0 where there are no keys.",
    ),
)


def skewed(shop: Shop) -> list[Call]:
    """Keys by Zipf's law, one hot key in more and more partitions, and even keys."""
    draw = shop.random
    zipf = np.minimum(draw.zipf(1.6, 600), 5_000).tolist()
    hot = int(draw.integers(1_000, 9_000))
    half = [hot if place % 2 else int(key) for place, key in enumerate(draw.integers(0, 900, 400))]
    even = (2 * draw.integers(0, 300, 200)).tolist()
    many = [int(n) for n in draw.integers(5, 40, 2)]
    return [
        Call(zipf, 4),
        *[Call(half, n) for n in (2, many[0], 64)],
        Call(even, 4),
        Call(even, many[1]),
    ]


def edges(shop: Shop) -> list[Call]:
    """Keys that are missing, one partition, more partitions than rows, and no rows."""
    return [
        Call([None, 0, None, 5, 8], 4),
        Call([7, 7, 7], 1),
        Call([3, 12], 8),
        Call([0, 1, 2], 2),
        Call([], 5),
        Call([None], 3),
    ]


CASES = {
    "skewed": Case(skewed, self_check=("tiny",), grading=("small",), spark=True),
    "edges": Case(edges, self_check=("tiny",), grading=(), spark=True),
}


def _parts(returned: object) -> tuple[list[int], float]:
    expect(
        isinstance(returned, dict) and set(returned) == {"sizes", "slowdown"},
        'A dictionary with "sizes" and "slowdown" was expected.',
    )
    assert isinstance(returned, dict)
    sizes = returned["sizes"]
    whole = isinstance(sizes, list) and all(type(one) is int for one in sizes)
    expect(whole, '"sizes" should be a list of whole numbers.', f"returned: {sizes!r:.200}")
    return sizes, returned["slowdown"]


def _shown(keys: list[object], n: int) -> str:
    some = ", ".join(map(str, keys[:6])) + (", ..." if len(keys) > 6 else "")
    return f"{len(keys)} keys [{some}] in {n} partitions"


def _same_sizes(result: Result, expected: Result) -> None:
    for call, returned, wanted in zip(result.calls, result.each(), expected.values, strict=True):
        sizes, _ = _parts(returned)
        expect(
            sizes == wanted["sizes"],
            f"The sizes differ for {_shown(*call.arguments)}.",
            f"returned: {sizes!r:.300}",
            f"expected: {wanted['sizes']!r:.300}",
        )


def _same_slowdown(result: Result, expected: Result) -> None:
    for call, returned, wanted in zip(result.calls, result.each(), expected.values, strict=True):
        _, slowdown = _parts(returned)
        what = _shown(*call.arguments)
        same_number(slowdown, wanted["slowdown"], what=f"the slowdown of {what}")


@pytest.mark.case("skewed")
@pytest.mark.points(5)
def test_sizes(result: Result, expected: Result) -> None:
    _same_sizes(result, expected)


@pytest.mark.case("skewed")
@pytest.mark.points(3)
@pytest.mark.depends("test_sizes")
def test_slowdown(result: Result, expected: Result) -> None:
    _same_sizes(result, expected)
    _same_slowdown(result, expected)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    _same_sizes(result, expected)
    _same_slowdown(result, expected)
