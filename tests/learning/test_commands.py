"""The commands of a learner, from the first start to the solution, by a real process each."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.answers import right_answers, wrong_answers
from autograder.course import chapters, exercises, numbers
from autograder.learning import progress, workplace

CHAPTER = "memory_wall"
ONE, TWO = exercises(CHAPTER)[:2]
NUMBER, NEXT = numbers()[ONE.id], numbers()[TWO.id]


def course(*words: str, status: int = 0, typed: str = "") -> str:
    """What `course ...` prints; nothing on stderr looks like a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", *words],
        input=typed,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "COLUMNS": "100"},
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if status != 2 else done.stderr


def _write(source: str) -> None:
    path = workplace.own_notebook(CHAPTER)
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == ONE.name:
            cell.source = source
    nbformat.write(notebook, path)


def _pass_what_comes_before() -> int:
    """As one who has done the chapters before; how many exercises that is."""
    before = chapters()[: chapters().index(CHAPTER)]
    done = [one for chapter in before for one in exercises(chapter)]
    for one in done:
        progress.record_check(one, True, 10, 10)
    return len(done)


def test_a_learners_way(learner: Path) -> None:
    before = _pass_what_comes_before()
    assert "course start" in course("check", NUMBER, status=2)
    told = course("start", "--no-browser")
    assert f"Next: {NUMBER}" in told and "memory_wall.ipynb" in told
    assert "not attempted" in course("check", ONE.name, status=1)
    wrong = wrong_answers(ONE)[0]
    _write(wrong.source)
    assert wrong.sentence in course("check", NUMBER, status=1)
    assert "Hint 1 of" in course("hint", NUMBER)
    assert json.loads(course("hint", ONE.id, "--json"))["number"] == 2
    assert "after it has passed" in course("solution", NUMBER, status=2)
    _write(right_answers(ONE)[0].source)
    verdict = json.loads(course("check", ONE.id, "--json"))
    assert (verdict["state"], verdict["points"]) == ("passed", 10)
    assert f"def {ONE.name}" in course("solution", NUMBER)
    (first, second, *_) = json.loads(course("list", "--json"))[before:]
    assert (first["state"], first["tries"], first["hints"]) == ("passed", 2, 2)
    assert second["state"] == "new"
    assert json.loads(course("next", "--json"))["number"] == NEXT
    shown = course("list")
    assert "✓ passed" in shown and f"{before + 1} of " in shown and "next" in shown
    assert "Nothing was changed" in course("reset", NUMBER, typed="n\n")
    assert "as it was" in course("reset", NUMBER, typed="y\n")
    assert "not attempted" in course("check", NUMBER, status=1)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("check", "nothing"), "no exercise is called 'nothing'"),
        (("check", "7.7"), "there is no exercise 7.7"),
        (("hint", "memory_wall.nothing"), "has no exercise 'nothing'"),
        (("list", "moon"), "there is no chapter 'moon'"),
        (("reset", "moon", "--yes"), "no exercise is called 'moon'"),
        (("reset", CHAPTER, "--yes"), "run `course start`"),
    ],
)
def test_bad_input_is_one_line(words: tuple[str, ...], sentence: str) -> None:
    told = course(*words, status=2)
    assert sentence in told and len(told.strip().splitlines()) == 1


def test_names_are_completed() -> None:
    assert "_COURSE_COMPLETE" in course("completion", "bash")
    words = {"_COURSE_COMPLETE": "bash_complete", "COMP_WORDS": "course check mem"}
    done = subprocess.run(
        [Path(sys.executable).with_name("course")],
        env={**os.environ, **words, "COMP_CWORD": "2"},
        capture_output=True,
        text=True,
    )
    assert "memory_wall.shrink" in done.stdout, done.stderr


def test_watch_checks_what_is_saved(learner: Path) -> None:
    _pass_what_comes_before()
    course("start", "--no-browser")
    file = learner / "answers.py"
    file.write_text(wrong_answers(ONE)[0].source)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "autograder.cli", "watch", str(file), "--chapter", CHAPTER],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    seen = []

    def until(sentence: str) -> None:
        for line in process.stdout or ():
            seen.append(line)
            if sentence in line:
                return
        raise AssertionError("".join(seen) + str(process.stderr and process.stderr.read()))

    until("✗ not yet")
    until("without building it")  # the last line of the report
    file.write_text(right_answers(ONE)[0].source)
    until("✓ passed")
    (learner / "new").write_text("def broken(:\n")
    os.replace(learner / "new", file)  # as many editors save
    file.write_text(right_answers(ONE)[1].source)
    until("10 of 10")
    process.send_signal(signal.SIGINT)
    rest, told = process.communicate(timeout=60)
    assert "Your progress is kept" in rest and "Traceback" not in told
    assert json.loads(course("next", "--json"))["number"] == NEXT


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("watch", "nothing.py"), "there is no nothing.py"),
        (("watch", "moon"), "is neither a chapter nor"),
        (("watch",), "run `course start`"),
    ],
)
def test_watch_says_what_it_cannot_watch(words: tuple[str, ...], sentence: str) -> None:
    assert sentence in course(*words, status=2)


def test_a_save_between_two_looks_is_not_missed(tmp_path: Path) -> None:
    from autograder.learning.watch import saves

    file = tmp_path / "answers.py"
    file.write_text("before")
    changes = saves(file)
    file.write_text("saved while the first look was under way")
    next(changes)  # would wait for ever


def test_a_file_that_is_emptied_and_then_filled_was_saved_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.learning import watch

    file = tmp_path / "answers.py"
    file.write_text("before")
    steps = iter(["", "half", "half and half"])
    changes = watch.saves(file)

    def sleep(seconds: float) -> None:  # the editor goes on in every pause
        text = next(steps, None)
        if text is not None:
            file.write_text(text)

    monkeypatch.setattr("autograder.learning.watch.time.sleep", sleep)
    next(changes)
    assert file.read_text() == "half and half"
    assert next(steps, None) is None
