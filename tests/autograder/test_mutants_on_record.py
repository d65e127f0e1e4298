"""The course's own checks, by what is on record of slips in the references, and by slips anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from autograder.authoring import recorded
from autograder.authoring.mutants import fates
from autograder.authoring.survivors import BAR, Summary, summary
from autograder.checking import Exercise
from autograder.course import chapters, every_exercise

EVERY_EXERCISE = every_exercise()


def test_no_slip_on_record_survives_without_a_reason(count: Callable[[str], None]) -> None:
    """What is not on record for the present content is found anew by the slow tests."""
    on_record = [summary(one) for one in EVERY_EXERCISE if recorded.load(one) is not None]
    for found in on_record:
        assert [fate.id for fate in found.unexplained] == [], found.exercise.id
        assert found.stale == [], found.exercise.id
    _, _, told = _tally(on_record)
    count(f"by the record of {len(on_record)} of {len(EVERY_EXERCISE)} exercises: {told}")


def _tally(summaries: Sequence[Summary]) -> tuple[int, int, str]:
    """How many mutants are caught, how many change results, and both in words."""
    caught = sum(len(one.of("caught")) for one in summaries)
    changing = sum(one.changing for one in summaries)
    reasons = sum(len(one.reasons) for one in summaries)
    told = (
        f"mutants killed {caught} of {changing} that change results; "
        f"{reasons} survive for a reason on file"
    )
    return caught, changing, told


@pytest.fixture(scope="module")
def summaries() -> dict[str, Summary]:
    with ThreadPoolExecutor(2) as pool:
        return {one.exercise.id: one for one in pool.map(summary, EVERY_EXERCISE)}


@pytest.mark.slow
@pytest.mark.parametrize("one", EVERY_EXERCISE, ids=lambda one: one.name)
def test_the_checks_catch_slips_in_the_reference(
    one: Exercise, summaries: dict[str, Summary]
) -> None:
    found = summaries[one.id]
    assert found.changing >= 1
    assert [fate.id for fate in found.unexplained] == []
    assert found.stale == []


@pytest.mark.slow
def test_nearly_all_mutants_that_change_results_are_caught(
    summaries: dict[str, Summary], count: Callable[[str], None]
) -> None:
    for chapter in chapters():
        of = [one for one in summaries.values() if one.exercise.chapter == chapter]
        caught, changing, told = _tally(of)
        count(f"{chapter}: {told}")
        assert caught >= BAR * changing


@pytest.mark.slow
def test_what_is_on_record_is_found_again(
    summaries: dict[str, Summary], count: Callable[[str], None]
) -> None:
    """Each day for another exercise, and of it for a few that were caught: those end soon."""
    on_record = [one for one in summaries.values() if recorded.load(one.exercise) is not None]
    count(f"exercises whose mutants are on record: {len(on_record)} of {len(summaries)}")
    one = on_record[date.today().toordinal() % len(on_record)]
    caught = one.of("caught")
    some = {fate.id for fate in caught[:: max(1, len(caught) // 3)]}
    found = fates(one.exercise, only=some)
    assert {fate.id: fate.fate for fate in found} == dict.fromkeys(some, "caught")
