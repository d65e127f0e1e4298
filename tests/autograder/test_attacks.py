"""Each attack of the corpus in one class with an honest student: none pays, none does harm."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from autograder import grading, sample_class
from autograder.assignments import reference_source
from autograder.course import ROOT, find_exercise
from autograder.grading import NotebookVerdict
from autograder.wall import Wall
from tests.autograder import attacks
from tests.autograder.attacks import CONTROL, TARGET, Attack
from tests.autograder.attacks_on_the_grader import ON_THE_GRADER
from tests.conftest import Progress

CHAPTER = "memory_wall"
ATTACKS = {**attacks.ATTACKS, **ON_THE_GRADER}
# What book/threat_model.md says remains.
EARNS_TOO_MUCH = {
    "work done ahead, on what the runner was told": "the request lies in the runner's memory, "
    "and the inputs beside it, while the cells run: what a cell computes is in no budget",
}
HONEST = "zoe"
# They take their time: until a limit is reached, at each call, and once more alone.
SLOW = {
    "a loop without end", "a loop that catches everything", "a memory bomb",
    "a memory bomb in a cell", "a frame of a gigabyte",
}  # fmt: skip
NUMBERED = {f"s{number:02}": name for number, name in enumerate(ATTACKS)}
QUICK = [student for student, name in NUMBERED.items() if name not in SLOW]
QUICK_CASES = [
    pytest.param(
        student,
        marks=pytest.mark.xfail(reason=EARNS_TOO_MUCH[NUMBERED[student]], strict=True)
        if NUMBERED[student] in EARNS_TOO_MUCH
        else (),
        id=NUMBERED[student],
    )
    for student in QUICK
]
LONGEST_REPORT = 20_000
# Would act on a terminal, or cannot be written: see autograder/texts.py
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")
LATER = [student for student, name in NUMBERED.items() if name in SLOW]
TEN = 10.0


@dataclass
class Outside:
    """What lies outside the wall, and must stay there."""

    token: str
    secret: Path
    daemon: str
    port: int
    visitors: list[Any]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    folder = tmp_path_factory.mktemp("outside")
    folder.chmod(0o755)
    token = f"token-{secrets.token_hex(12)}"
    secret = folder / "secret.txt"
    secret.write_text(token)
    secret.chmod(0o644)
    visitors: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("A_SECRET_OF_THE_GRADER", token)

        def serve() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                visitors.append(address)
                connection.sendall(token.encode())
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield Outside(token, secret, f"daemon-{token}", server.getsockname()[1], visitors)


def _notebook(attack: Attack, words: dict[str, str]) -> bytes:
    def said(text: str) -> str:
        for word, meant in words.items():
            text = text.replace(f"@{word}@", meant)
        return text

    sources = {TARGET: said(attack.answer), CONTROL: _reference(CONTROL)}
    notebook = sample_class._filled(CHAPTER, sources)
    place = next(
        i
        for i, cell in enumerate(notebook.cells)
        if cell.metadata.get("nbgrader", {}).get("grade_id") == TARGET
    )
    for source in reversed(attack.before):
        notebook.cells.insert(place, nbformat.v4.new_code_cell(said(source)))
    data = json.loads(nbformat.writes(notebook))
    attack.change(data)
    return json.dumps(data).encode()


def _reference(name: str) -> str:
    return reference_source(find_exercise(f"{CHAPTER}.{name}"))


def _graded(
    students: list[str], course: Path, wall: Wall, outside: Outside, progress: Progress[Any]
) -> Iterator[dict[str, NotebookVerdict]]:
    """A class of attackers and one honest student, graded at once."""
    submitted, aside = course / "classroom" / "submitted", course / "classroom" / "before"
    if submitted.exists():
        submitted.rename(aside)
    words = {
        "SECRET": str(outside.secret),
        "OTHER": str(submitted / HONEST / CHAPTER / f"{CHAPTER}.ipynb"),
        "GRADEBOOK": str(course / "classroom" / "gradebook.db"),
        "COURSE": str(ROOT),
        "PORT": str(outside.port),
        "DAEMON": outside.daemon,
    }
    honest = Attack(_reference(TARGET) + f"\n# {outside.token}")
    for who, attack in {HONEST: honest, **{s: ATTACKS[NUMBERED[s]] for s in students}}.items():
        folder = submitted / who / CHAPTER
        folder.mkdir(parents=True)
        (folder / f"{CHAPTER}.ipynb").write_bytes(_notebook(attack, words))
    ending = grading.grade_class(CHAPTER, wall, course=course)
    graded = progress(ending, len(students) + 1, "notebooks with an attack graded")
    try:
        yield {one.student: one.verdict for one in graded}
    finally:
        shutil.rmtree(submitted)
        if aside.exists():
            aside.rename(submitted)


@pytest.fixture(scope="module")
def verdicts(
    course_folder: Path, wall: Wall, outside: Outside, progress: Progress[Any]
) -> Iterator[dict[str, NotebookVerdict]]:
    yield from _graded(QUICK, course_folder, wall, outside, progress)


@pytest.fixture(scope="module")
def later_verdicts(
    course_folder: Path, wall: Wall, outside: Outside, progress: Progress[Any]
) -> Iterator[dict[str, NotebookVerdict]]:
    yield from _graded(LATER, course_folder, wall, outside, progress)


def _earned(verdict: NotebookVerdict, name: str) -> float | None:
    return verdict.points_of(name)


def _written(verdict: NotebookVerdict) -> str:
    everything = [one.as_json() for one in verdict.exercises], verdict.notes, verdict.reports
    return json.dumps(everything)


def _hold(student: str, verdict: NotebookVerdict, outside: Outside) -> None:
    attack = ATTACKS[NUMBERED[student]]
    assert verdict.state == "graded", verdict.reason
    assert _earned(verdict, TARGET) == attack.earns, verdict.reports[TARGET]["text"]
    # A broken runner may first have come to the honest answer, or to a part of its calls.
    least = TEN if attack.control is None else attack.control
    earned = _earned(verdict, CONTROL)
    assert earned is not None and least <= earned <= TEN, verdict.reports[CONTROL]["text"]
    assert attack.told in verdict.reports[TARGET]["text"]
    assert outside.token not in _written(verdict)
    for shown in verdict.reports.values():
        for text in (shown["text"], shown["html"], *verdict.notes):
            assert len(text) < LONGEST_REPORT
            assert not ACTS.search(text)
        assert "<script" not in shown["html"]
    assert len(json.dumps(verdict.notes)) < LONGEST_REPORT


@pytest.mark.counted("attacks contained")
@pytest.mark.parametrize("student", QUICK_CASES)
def test_an_attack_earns_what_its_honest_part_earns(
    student: str, verdicts: dict[str, NotebookVerdict], outside: Outside
) -> None:
    _hold(student, verdicts[student], outside)


@pytest.mark.slow
@pytest.mark.counted("attacks contained")
@pytest.mark.parametrize("student", LATER, ids=NUMBERED.get)
def test_a_slow_attack_earns_what_its_honest_part_earns(
    student: str, later_verdicts: dict[str, NotebookVerdict], outside: Outside
) -> None:
    _hold(student, later_verdicts[student], outside)


def test_the_honest_student_gets_what_is_due(verdicts: dict[str, NotebookVerdict]) -> None:
    assert _earned(verdicts[HONEST], TARGET) == _earned(verdicts[HONEST], CONTROL) == TEN


def test_nothing_outside_was_reached_or_left_behind(
    verdicts: dict[str, NotebookVerdict], outside: Outside
) -> None:
    assert len(verdicts) == len(QUICK) + 1
    assert outside.visitors == []
    assert outside.secret.read_text() == outside.token
    assert [path.name for path in outside.secret.parent.iterdir()] == [outside.secret.name]
    running = [
        " ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])
    ]
    assert not any(outside.daemon in line for line in running)
    left = psutil.Process().children(recursive=True)
    assert not any("autograder.runner" in " ".join(process.cmdline()) for process in left)


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(ATTACKS) >= 40
    assert all(replace(one).earns < TEN for one in ATTACKS.values())
