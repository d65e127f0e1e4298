"""A call that was not done in time is made once more, while no other notebook runs."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import grading, machine, reference, sample_class
from autograder.assignments import reference_source
from autograder.cases import Point, Prepared, prepare
from autograder.checking import Call, Exercise
from autograder.course import find_exercise
from autograder.patience import Turns, with_patience
from autograder.submissions import Submission
from autograder.wall import find_wall

CHAPTER, NAME = "memory_wall", "frame_bytes"


def test_who_is_alone_is_alone_and_nobody_waits_for_ever() -> None:
    turns, there, most = Turns(), 0, 0
    seen: list[tuple[str, int]] = []
    count = threading.Lock()

    def enter(by: int) -> int:
        nonlocal there, most
        with count:
            there += by
            most = max(most, there)
            return there

    def works(number: int) -> None:
        alone = number % 5 == 0
        with turns.alone() if alone else turns.beside_others():
            least = enter(+1)
            time.sleep(0.005)
            with count:
                seen.append(("alone" if alone else "beside", max(least, there)))
            enter(-1)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(works, range(60)))
    assert [many for kind, many in seen if kind == "alone"] == [1] * 12
    assert most > 1 and len(seen) == 60


def test_an_answer_that_was_late_once_loses_nothing(
    course_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for ever the first time that it is called, as on a machine that stood still."""
    mark = tmp_path / "was-here"
    late = reference_source(find_exercise(f"{CHAPTER}.{NAME}")).replace(f"def {NAME}", "def right")
    late += (
        f"\n\n\ndef {NAME}(schema, rows):\n"
        "    import os, time\n"
        f"    if not os.path.exists({str(mark)!r}):\n"
        f"        open({str(mark)!r}, 'w').close()\n"
        "        time.sleep(3600)\n"
        "    return right(schema, rows)\n"
    )

    def shorter(exercise: Exercise, point: Point) -> Prepared:
        """The same calls, given up sooner: a test should not wait half a minute."""
        made = prepare(exercise, point)
        calls = []
        for call in made.calls:
            calls.append(Call(*call.arguments, budget_mb=call.budget_mb, seconds=3))
            calls[-1].shown = call.shown
        return replace(made, calls=tuple(calls))

    monkeypatch.setattr(grading, "prepare", shorter)
    submission = Submission(sample_class._filled(CHAPTER, {NAME: late}), (), "")
    trusting = find_wall(trusting=True)  # behind a wall it could leave no mark
    verdict = grading.grade_notebook(submission, CHAPTER, trusting, course=course_folder)
    assert mark.exists()
    assert verdict.points_of(NAME) == 10, verdict.exercises[0]


@pytest.mark.parametrize(("load", "times"), [(0.0, 1.0), (2.0, 1.0), (6.0, 3.0), (400.0, 10.0)])
def test_a_busy_machine_gives_a_late_call_more_time(
    load: float, times: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other programs may keep it busy, too: how long a call takes is not the answer's doing."""
    monkeypatch.setattr("os.getloadavg", lambda: (load, load, load))
    monkeypatch.setattr("autograder.patience.cores", lambda: 2)
    one = find_exercise(f"{CHAPTER}.{NAME}")
    prepared = prepare(one, Point("fixed", "tiny", 5, hidden=True))
    given = [call.seconds for call in prepared.calls]
    patient = with_patience(prepared)
    assert [call.seconds for call in patient.calls] == [times * seconds for seconds in given]
    assert [call.seconds for call in prepared.calls] == given


def test_a_reference_that_was_cut_short_is_run_once_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without what the reference returns nobody could be judged."""
    monkeypatch.setenv("BEYOND_PANDAS_CACHE", str(tmp_path / "cache"))
    mark = tmp_path / "was-here"
    late = (
        f"{reference_source(find_exercise(f'{CHAPTER}.{NAME}'))}\n"
        f"right = {NAME}\n"
        f"def {NAME}(schema, rows):\n"
        "    import os\n"
        f"    if not os.path.exists({str(mark)!r}):\n"
        f"        open({str(mark)!r}, 'w').close()\n"
        "        os.kill(os.getpid(), 9)\n"
        "    return right(schema, rows)\n"
    )
    monkeypatch.setattr("autograder.reference.reference_source", lambda one: late)
    one = find_exercise(f"{CHAPTER}.{NAME}")
    (result,) = reference.expected_results(one, [Point("fixed", "tiny", 5, hidden=True)]).values()
    assert mark.exists()
    assert {outcome.outcome for outcome in result.outcomes} == {"returned"}


def test_a_container_has_the_cores_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    known = machine.cores()
    assert 1 <= known <= (os.cpu_count() or 1)
    monkeypatch.setattr(machine, "_quota", lambda: 1.5)
    assert machine.cores() == 1
    monkeypatch.setattr(machine, "_quota", lambda: 0.25)
    assert machine.cores() == 1
    monkeypatch.setattr(machine, "_quota", lambda: 1e6)
    assert machine.cores() >= known
