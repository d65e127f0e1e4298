"""The students' edition: nothing in it tells an answer, and its self-checks judge as ours do.

It is made and unpacked once; what runs in it has this environment's packages, and the course from
the unpacked folder alone.
"""

from __future__ import annotations

import ast
import itertools
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.answers import answers, right_answers, wrong_answers
from autograder.assignments import (
    BEGIN,
    END,
    NO_SOLUTIONS,
    released_sources,
    solution_file,
)
from autograder.cases import prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import ROOT, CourseError, chapters, every_exercise, exercise, exercises
from autograder.learning.quiz import questions
from autograder.publishing import release
from autograder.publishing.release import make_release
from autograder.reference import expected_results
from autograder.shipped import file_of, read_results

IMPORTS = ("import ", "from ")
LONG = 30  # characters of a line that no other program has by chance


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"), lambda what, done, of: None)


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("a student's folder")
    with zipfile.ZipFile(archive) as inside:
        inside.extractall(folder)
    return folder / "beyond-pandas"


def run_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the unpacked edition, with the course from there."""
    variables = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder), str(folder / "datasets")]),
        "BEYOND_PANDAS_HOME": str(folder.parent / "home"),
        "BEYOND_PANDAS_WORK": str(folder / "work"),
    }
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=variables, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip


def check_in(folder: Path, one: Exercise, source: str) -> dict[str, object]:
    """What `check` says in the unpacked edition to an answer."""
    given = released_sources(one.chapter).items()
    imports = [text for name, text in given if name.startswith("setup") and "Create()" not in text]
    (folder / "answer.py").write_text("\n\n".join([*imports, source]))
    (folder / "ask.py").write_text(
        "import json\nimport autograder\nfrom autograder import check\n"
        f"from answer import {one.name}\n"
        f"told = check({one.name})\n"
        "print(json.dumps({'from': autograder.__file__, 'text': str(told),\n"
        "    'passed': getattr(told, 'passed', None), 'points': getattr(told, 'points', None)}))\n"
    )
    done = run_in(folder, "ask.py")
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    assert str(found["from"]).startswith(str(folder))
    return found


def solution_parts(one: Exercise) -> Iterator[list[str]]:
    """What no student may read: the reference between its marks, and all answers on file."""
    text = solution_file(one.chapter).read_text(encoding="utf-8")
    for cell in text.split("\n# %%"):
        if f'answer="{one.name}"' in cell.partition("\n")[0]:
            yield cell.partition(BEGIN)[2].partition(END)[0].splitlines()
    for answer in answers(one):
        yield answer.source.splitlines()


def lines_of(name: str, content: bytes) -> list[str]:
    """The lines of a file, those within a notebook or a text in quotes too."""
    text = content.decode("utf-8", errors="replace")
    lines = text.splitlines()
    if name.endswith(".ipynb"):
        lines = [
            line for c in json.loads(text)["cells"] for line in "".join(c["source"]).split("\n")
        ]
    if name.endswith(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                lines += node.value.splitlines()
    return [line.strip() for line in lines if line.strip()]


@pytest.mark.slow
def test_no_answer_stands_in_the_archive(archive: Path) -> None:
    with zipfile.ZipFile(archive) as inside:
        files = {name: inside.read(name) for name in inside.namelist()}
    for part in ("answers/", "solutions/", "classroom", "authoring", "grading.py", "mutants.json"):
        assert not [name for name in files if part in name], part
    pairs: dict[tuple[str, str], str] = {}
    for name, content in files.items():
        lines = lines_of(name, content)
        pairs.update(dict.fromkeys(itertools.pairwise(lines), name))
    given = "\n".join(
        "\n".join(lines_of(name, content))
        for name, content in files.items()
        if name.endswith(".ipynb")
    )
    everything = b"\n".join(c for name, c in files.items() if name.endswith(".evidence"))
    looked_for = 0
    for one in every_exercise():
        for written in solution_parts(one):
            lines = [line.strip() for line in written]
            lines = [one for one in lines if one not in given and not one.startswith(IMPORTS)]
            for a, b in itertools.pairwise(lines):
                if len(a) + len(b) > LONG:
                    looked_for += 1
                    assert (a, b) not in pairs, f"{one.id}: {pairs[a, b]} has {a!r}, {b!r}"
            for line in lines:
                if len(line) > LONG:
                    assert line.encode() not in everything, f"{one.id}: {line!r} in the results"
    assert looked_for > 1000  # the search does look


@pytest.mark.slow
def test_the_results_do_not_tell_how_spark_came_to_them(unpacked: Path) -> None:
    kept = list((unpacked / "autograder" / "expected").rglob("*.evidence"))
    assert len(kept) > len(every_exercise())
    for path in kept:
        content = path.read_bytes()
        for told in (
            b"sparkPlanInfo",
            b"physicalPlan",
            b"callSite",
            b"HashAggregate",
            b"PythonRDD",
        ):
            assert told not in content, path


@pytest.mark.slow
def test_bytes_are_counted_as_in_the_whole_record(unpacked: Path) -> None:
    one = exercise("rdds", "mean_basket")
    points = self_check_points(one)
    told = 0
    for point, whole in expected_results(one, points).items():
        prepared = prepare(one, point)
        kept = unpacked / "autograder" / "expected" / file_of(one, prepared)
        shown = read_results(prepared, kept.read_bytes())
        for ours, theirs in zip(whole.sparks, shown.sparks, strict=True):
            for count in ("shuffle_bytes", "bytes_to_driver", "bytes_read", "jobs_before_action"):
                assert getattr(ours, count) == getattr(theirs, count)
            assert theirs.plans == ()
            told += ours.shuffle_bytes
    assert told > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["start_here.first_answer", "memory_wall.join_rows"])
def test_a_right_answer_passes_there_and_a_wrong_one_does_not(unpacked: Path, name: str) -> None:
    one = exercise(*name.split("."))
    right = check_in(unpacked, one, right_answers(one)[0].source)
    assert (right["passed"], right["points"]) == (True, 10), right["text"]
    for answer in wrong_answers(one)[:2]:
        wrong = check_in(unpacked, one, answer.source)
        assert wrong["passed"] is False, answer.name
        # What was expected is said; the idea behind it is not known there.
        assert one.title in str(wrong["text"])
        assert answer.sentence not in str(wrong["text"])


@pytest.mark.slow
def test_its_commands_are_those_of_a_student(unpacked: Path) -> None:
    told = run_in(unpacked, "-m", "autograder.cli", "--help").stdout
    assert "start" in told and "doctor" in told
    for absent in ("grade", "release", "author", "demo", "exercises "):
        assert f"\n  {absent} " not in told
    listed = run_in(unpacked, "-m", "autograder.cli", "list")
    assert f" of {sum(len(exercises(name)) for name in chapters())} passed" in listed.stdout
    solution = run_in(unpacked, "-m", "autograder.cli", "solution", "first_answer")
    assert (solution.returncode, solution.stderr) == (2, f"course: {NO_SOLUTIONS}\n")
    shown = "from autograder import solution; print(solution('first_answer'))"
    assert run_in(unpacked, "-c", shown).stdout.strip() == NO_SOLUTIONS
    quiz = "from autograder.learning.quiz import questions; print(len(questions('rdds')))"
    assert run_in(unpacked, "-c", quiz).stdout.strip() == str(len(questions("rdds")))


@pytest.mark.slow
def test_it_can_be_installed(unpacked: Path) -> None:
    done = run_in(unpacked, "-m", "hatchling", "build", "-t", "wheel", "-d", "wheel")
    assert done.returncode == 0, done.stderr
    (wheel,) = (unpacked / "wheel").iterdir()
    with zipfile.ZipFile(wheel) as inside:
        names = inside.namelist()
    assert {"autograder/selfcheck.py", "shop/__init__.py"} <= set(names)
    assert "autograder/grading.py" not in names


@pytest.mark.slow
def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    one = exercise("start_here", "first_answer")
    assert release._expected(one) == release._expected(one)
    files = {"b.txt": b"second", "a.sh": b"first"}
    release._write(tmp_path / "one.zip", files)
    release._write(tmp_path / "two.zip", dict(reversed(files.items())))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_what_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(CourseError, match="nothing can be written into"):
        make_release(tmp_path / "a file" / "below", lambda what, done, of: None)


def test_a_full_disk_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "SPARE_MB", 10**12)
    with pytest.raises(CourseError, match=r"MiB left, and a release needs"):
        make_release(tmp_path, lambda what, done, of: None)
    assert list(tmp_path.iterdir()) == []


def test_what_goes_in_is_there_and_no_more(tmp_path: Path) -> None:
    sources = release._sources()
    assert all(path.is_file() for path in sources.values())
    assert {"README.md", "Makefile", "scripts/set_up.py", "conf/laptop/spark-defaults.conf"} <= set(
        sources
    )
    assert sources["README.md"] != ROOT / "README.md"
