"""An instructor's day, by the commands: real nbgrader, a real gradebook, a course of its own."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.answers import wrong_answers
from autograder.assignments import reference_source
from autograder.classroom.standing import USUAL_SECONDS, seconds_for
from autograder.course import exercise
from autograder.grading import SCHEMA, load_verdict, verdict_file
from autograder.verdict import ExerciseVerdict, max_points, points_left
from tests.classroom.courses import CHAPTER, Course, copy_of_the_course, notebook

EASY = exercise(CHAPTER, "frame_bytes")  # its answer costs no data
RIGHT = {EASY.name: reference_source(EASY)}
MISTAKE = wrong_answers(EASY)[0]
WRONG = {EASY.name: MISTAKE.source}
FULL = sum(max_points(EASY).values())
LEFT = points_left(EASY, MISTAKE.fails)
RULES = """\
[late]
percent = 5
grace_minutes = 10

[chapters.memory_wall]
due = 2025-11-03T23:00:00Z
column = "Memory wall (4711)"
"""
IN_TIME, IN_GRACE, TWO_DAYS = "2025-11-03 22:00 UTC", "2025-11-03 23:05 UTC", "2025-11-05 22:00 UTC"
CLASS = "id,first_name,last_name,email\n" + "".join(
    f"{who},{who.capitalize()},Test,{who}@x.org\n"
    for who in ("ada", "bea", "cy", "eve", "lou", "max", "zoe")
)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, wall: object) -> Iterator[Course]:
    """A class that was graded once. Each test changes what belongs to one student."""
    course = copy_of_the_course(tmp_path_factory.mktemp("day"))
    course.run("class", "init")
    (course.classroom / "class.toml").write_text(RULES)
    people = course.folder / "people.csv"
    people.write_text(CLASS)
    course.run("class", "roster", people)
    course.submit("ada", RIGHT, IN_TIME)
    course.submit("bea", WRONG, IN_GRACE)
    course.submit("cy", {}, IN_TIME)
    course.submit("eve", {}).write_text("{not json")
    course.submit("lou", RIGHT, TWO_DAYS)
    course.submit("max", RIGHT)
    done = course.run("grade", CHAPTER)
    assert "47.0 h late, which costs 8 points" in done.stdout
    assert "5.0 min late, which costs 0 points" in done.stdout
    eve = next(line for line in done.stdout.splitlines() if "Eve Test" in line)
    assert eve.split("│")[-2].strip() == "set aside" and "0" not in eve
    yield course
    course.close()


def marks(course: Course, *words: str) -> dict[str, str]:
    """The last column of `course marks`, by the first."""
    rows = list(csv.reader(io.StringIO(course.run("marks", CHAPTER, *words).stdout)))
    return {row[0]: row[-1] for row in rows[1:]}


@contextmanager
def rules(course: Course, text: str) -> Iterator[None]:
    """The class's rules with `text` added, for a while."""
    path = course.classroom / "class.toml"
    before = path.read_text()
    path.write_text(before + text)
    try:
        yield
    finally:
        path.write_text(before)


def state_of(folder: Path) -> dict[str, str]:
    """Every file below `folder` with its content and time."""
    return {
        str(path): f"{path.stat().st_mtime_ns} {hashlib.md5(path.read_bytes()).hexdigest()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


# ---- late -----------------------------------------------------------------------------------


def test_marks_are_the_points_less_what_being_late_costs(day: Course) -> None:
    assert day.scores("lou")[EASY.name] == FULL
    assert day.penalty("lou") == 2 * 0.05 * 80  # two started days
    assert (day.penalty("ada"), day.penalty("bea"), day.penalty("max")) == (0, 0, 0)
    done = day.run("marks", CHAPTER)
    found = {row[0]: row[-1] for row in csv.reader(io.StringIO(done.stdout))}
    assert found == {
        "id": "Memory wall (4711)",
        "ada": f"{FULL:g}",
        "bea": f"{LEFT:g}",
        "cy": "0",
        "eve": "",
        "lou": f"{FULL - 8:g}",
        "max": f"{FULL:g}",
        "zoe": "",
    }
    assert done.stderr.count("\n") == 1 and "no mark for eve" in done.stderr
    assert "not valid JSON" in done.stderr
    zeros = marks(day, "--missing-as-zero")
    assert (zeros["zoe"], zeros["eve"]) == ("0", "")


def test_an_extension_granted_later_reaches_marks_and_gradebook(day: Course) -> None:
    with rules(day, "[extensions.lou]\nmemory_wall = 2025-11-10T23:00:00Z\n"):
        assert marks(day)["lou"] == f"{FULL:g}"
        assert day.penalty("lou") == 0
        day.nbgrader("autograde", CHAPTER, "--student", "lou", "--force")
        assert day.penalty("lou") == 0
    day.run("grade", CHAPTER, "--student", "lou")
    assert day.penalty("lou") == 8


def test_nbgraders_own_command_takes_off_what_the_rules_say(day: Course) -> None:
    with rules(day, "[chapters.memory_wall.late]\npoints = 1.5\nmaximum_points = 2\n"):
        day.nbgrader("autograde", CHAPTER, "--student", "lou", "--force")
        assert day.penalty("lou") == 2
    day.nbgrader("autograde", CHAPTER, "--student", "lou", "--force")
    assert day.penalty("lou") == 8


def test_points_that_the_class_scales_scale_marks_and_penalties(day: Course) -> None:
    with rules(day, f"[chapters.memory_wall.points]\n{EASY.name} = {4 * FULL:g}\n"):
        found = marks(day)
        whole = 80 + 3 * FULL
        assert found["ada"] == f"{4 * FULL:g}"
        assert found["lou"] == f"{4 * FULL - 0.1 * whole:g}"
    assert marks(day)["ada"] == f"{FULL:g}"


def test_a_mistake_in_the_rules_is_one_line_and_nothing_is_graded(day: Course) -> None:
    before = state_of(day.classroom / "autograded")
    with rules(day, "[extensions.lu]\nmemory_wall = 2025-11-10T23:00:00Z\n"):
        for words in (("grade", CHAPTER), ("marks",), ("report", CHAPTER), ("class", "check")):
            done = day.run(*words, status=2)
            assert "class.toml line 8: extensions.lu names no student" in done.stderr
            assert done.stderr.count("\n") == 1
    assert state_of(day.classroom / "autograded") == before


@pytest.mark.parametrize("kind", ["link", "pipe", "no time", "too long", "folder"])
def test_a_timestamp_that_cannot_be_read_stops_nobody(kind: str, day: Course) -> None:
    path = day.classroom / "submitted" / "max" / CHAPTER / "timestamp.txt"
    secret = day.folder / "secret.txt"
    secret.write_text("2025-12-24 12:00:00 UTC")
    path.unlink(missing_ok=True)
    if kind == "link":
        path.symlink_to(secret)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_text("tomorrow" if kind == "no time" else "2025-11-01" + " " * 500)
    day.nbgrader("autograde", CHAPTER, "--student", "max", "--force")
    assert day.scores("max")[EASY.name] == FULL and day.penalty("max") == 0
    assert not os.path.lexists(path)
    autograded = day.classroom / "autograded" / "max" / CHAPTER
    assert {one.name for one in autograded.iterdir()} == {f"{CHAPTER}.ipynb"}


def test_only_notebook_and_time_of_a_submission_travel_on(day: Course) -> None:
    folder = day.classroom / "submitted" / "ada" / CHAPTER
    (folder / ".hidden").symlink_to(day.seeds)
    (folder / "notes.txt").write_text("mine")
    day.nbgrader("autograde", CHAPTER, "--student", "ada", "--force")
    day.nbgrader("generate_feedback", CHAPTER, "--student", "ada", "--force")
    for step, ending in (("autograded", "ipynb"), ("feedback", "html")):
        made = day.classroom / step / "ada" / CHAPTER
        assert {one.name for one in made.iterdir()} == {f"{CHAPTER}.{ending}", "timestamp.txt"}
        assert (made / "timestamp.txt").read_text().startswith("2025-11-03 22:00:00")


def test_nbgraders_exchange_hands_out_the_notebook(day: Course, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    day.nbgrader("release_assignment", CHAPTER, f"--Exchange.root={tmp_path}")
    out = tmp_path / "beyond-pandas" / "outbound" / CHAPTER
    assert [one.name for one in out.iterdir()] == [f"{CHAPTER}.ipynb"]


# ---- by hand --------------------------------------------------------------------------------


def test_points_given_by_hand_survive_every_way_to_grade_again(day: Course) -> None:
    with day.gradebook() as book:
        grade = book.find_grade(f"check_{EASY.name}", CHAPTER, CHAPTER, "bea")
        grade.manual_score, grade.needs_manual_grade = FULL - 1, False
        book.db.commit()
    for words in ([], ["--student", "bea", "--force"]):
        day.run("grade", CHAPTER, *words)
        assert day.scores("bea")[EASY.name] == FULL - 1
    day.nbgrader("autograde", CHAPTER, "--force")
    assert day.scores("bea")[EASY.name] == FULL - 1
    assert marks(day)["bea"] == f"{FULL - 1:g}"
    with day.gradebook() as book:
        grade = book.find_grade(f"check_{EASY.name}", CHAPTER, CHAPTER, "bea")
        assert grade.auto_score == LEFT
        assert not grade.needs_manual_grade  # nothing changed: nobody is asked again
    day.submit("bea", RIGHT, IN_GRACE)
    day.run("grade", CHAPTER, "--student", "bea")
    with day.gradebook() as book:
        grade = book.find_grade(f"check_{EASY.name}", CHAPTER, CHAPTER, "bea")
        assert (grade.auto_score, grade.score) == (FULL, FULL - 1)
        assert grade.needs_manual_grade  # the answer is another: look again
        grade.manual_score = None
        book.db.commit()
    day.submit("bea", WRONG, IN_GRACE)
    day.run("grade", CHAPTER, "--student", "bea")
    assert day.scores("bea")[EASY.name] == LEFT


def test_a_point_given_by_hand_to_a_late_notebook_is_late_too(day: Course) -> None:
    day.submit("cy", {}, TWO_DAYS)
    day.run("grade", CHAPTER, "--student", "cy")
    assert day.penalty("cy") == 0  # there is nothing to take
    with day.gradebook() as book:
        book.find_grade(f"check_{EASY.name}", CHAPTER, CHAPTER, "cy").manual_score = 9.0
        book.db.commit()
    assert marks(day)["cy"] == "1"
    with day.gradebook() as book:
        book.find_grade(f"check_{EASY.name}", CHAPTER, CHAPTER, "cy").manual_score = None
        book.db.commit()
    day.submit("cy", {}, IN_TIME)
    day.run("grade", CHAPTER, "--student", "cy")


def test_a_notebook_set_aside_gets_the_mark_that_a_person_gives(day: Course) -> None:
    with day.gradebook() as book:
        book.find_grade(f"check_{EASY.name}", CHAPTER, CHAPTER, "eve").manual_score = 3.0
        book.db.commit()
    assert marks(day)["eve"] == "3"
    with day.gradebook() as book:
        book.find_grade(f"check_{EASY.name}", CHAPTER, CHAPTER, "eve").manual_score = None
        book.db.commit()
    assert marks(day)["eve"] == ""


# ---- again ----------------------------------------------------------------------------------


def test_a_notebook_that_was_handed_in_again_is_graded_again(day: Course) -> None:
    try:
        day.submit("max", WRONG)  # no time says that it is newer
        assert marks(day)["max"] == ""
        day.run("grade", CHAPTER)
        assert day.scores("max")[EASY.name] == LEFT
        assert marks(day)["max"] == f"{LEFT:g}"
    finally:
        day.submit("max", RIGHT)
        day.run("grade", CHAPTER, "--student", "max")
    assert day.scores("max")[EASY.name] == FULL


def test_what_stands_is_neither_run_nor_written_again(day: Course) -> None:
    day.run("grade", CHAPTER)
    before = state_of(day.classroom / "verdicts"), state_of(day.classroom / "autograded")
    day.run("grade", CHAPTER)
    assert (state_of(day.classroom / "verdicts"), state_of(day.classroom / "autograded")) == before


def test_student_may_be_repeated_and_force_writes_anew(day: Course) -> None:
    before = state_of(day.classroom / "autograded")
    done = day.run("grade", CHAPTER, "--student", "ada", "--student", "cy", "--force")
    after = state_of(day.classroom / "autograded")
    new = [path for path in after if after[path] != before[path]]
    changed = {path.split("/autograded/")[1].split("/")[0] for path in new}
    assert changed == {"ada", "cy"}
    assert "lou" not in done.stdout
    told = day.run("grade", CHAPTER, "--student", "nobody", status=2)
    assert "no notebook of 'nobody'" in told.stderr


def test_a_dry_run_writes_nothing(day: Course) -> None:
    day.submit("max", WRONG, TWO_DAYS)
    try:
        before = state_of(day.folder)
        done = day.run("grade", CHAPTER, "--dry-run")
        assert state_of(day.folder) == before
    finally:
        (day.submit("max", RIGHT).parent / "timestamp.txt").unlink()
    lines = {line.split("│")[1].strip(): line for line in done.stdout.splitlines() if "│" in line}
    assert "known, not run again" in lines["ada"] and "as it is" in lines["ada"]
    assert "is written" in lines["max"] and "47.0 h" in lines["max"]
    assert "set aside" in lines["eve"] and "not valid JSON" in lines["eve"]
    assert "47.0 h" in lines["lou"] and "Lou Test" in lines["lou"]


def test_collecting_says_whose_each_file_is_and_who_gave_none(day: Course, tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for who, number in (("Ada Test", 11), ("Nobody Known", 12)):
            made.writestr(f"{who}_{number}_assignsubmission_file_/my try.ipynb", notebook())
    before = state_of(day.folder)
    told = day.run("collect", CHAPTER, archive, "--dry-run").stdout
    assert state_of(day.folder) == before
    row = next(line for line in told.splitlines() if "my try.ipynb" in line)
    assert [part.strip() for part in row.split("│")[1:4]] == ["ada", "Ada Test", "my try.ipynb"]
    assert "no notebook of zoe (Zoe Test): nothing was handed in" in told
    assert "nobody in the roster is Nobody Known (12)" in told


@pytest.mark.parametrize("words", [("--help",), ("class", "--help")])
def test_help_says_whole_sentences(words: tuple[str, ...], day: Course) -> None:
    listed = day.run(*words).stdout.partition("Commands:" if len(words) > 1 else "Learning:")[2]
    assert "classroom/" in listed
    assert not [line for line in listed.splitlines() if line.endswith("...")]


def test_a_dry_run_draws_no_seed(day: Course, tmp_path: Path) -> None:
    other = Course(day.folder, tmp_path / "none.json")
    done = other.run("grade", CHAPTER, "--dry-run", "--student", "ada")
    assert "new, is run" in done.stdout
    assert not other.seeds.exists()
    other.close()


def test_how_long_it_takes_is_told_by_the_middle_of_earlier_runs(tmp_path: Path) -> None:
    assert seconds_for(CHAPTER, 4, 2, tmp_path) == (2 * USUAL_SECONDS, 0)
    for number, seconds in enumerate((36.0, 268.0, 0.1, 30.0)):
        verdict = {"schema": SCHEMA, "state": "graded", "seconds": seconds, "reason": ""}
        path = verdict_file(tmp_path, CHAPTER, str(number))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**verdict, "exercises": [], "notes": [], "reports": {}}))
    assert seconds_for(CHAPTER, 3, 2, tmp_path) == (1.5 * 36.0, 3)


def test_a_check_that_was_mended_changes_the_marks_and_nothing_else_does(course: Course) -> None:
    course.submit("ada", WRONG, IN_TIME)
    assert "Once for all notebooks" in course.run("grade", CHAPTER, "--dry-run").stdout
    course.run("grade", CHAPTER)
    assert course.scores("ada")[EASY.name] == LEFT
    verdicts = state_of(course.classroom / "verdicts")
    course.run("grade", CHAPTER)
    assert state_of(course.classroom / "verdicts") == verdicts
    checks = course.folder / "autograder" / "checks" / CHAPTER / f"{EASY.name}.py"
    text = checks.read_text()
    for test in max_points(EASY):  # the mended checks ask for nothing any more
        start = text.index(f"def {test}(")
        colon = text.index(":\n", start) + 2
        text = text[:colon] + "    return\n" + text[colon:]
    checks.write_text(text)
    course.close()
    dry = course.run("grade", CHAPTER, "--dry-run")
    assert "new, is run" in dry.stdout
    course.run("grade", CHAPTER)
    assert course.scores("ada")[EASY.name] == FULL
    assert len(state_of(course.classroom / "verdicts")) == len(verdicts) + 1


# ---- marks for other systems, and the report ------------------------------------------------


def test_canvas_gets_its_own_columns_back(day: Course, tmp_path: Path) -> None:
    theirs = tmp_path / "canvas.csv"
    theirs.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
        '"Test, Ada",501,s1,ada,One\n"Test, Lou",502,s2,lou,One\n'
    )
    roster = day.classroom / "roster.csv"
    before = roster.read_bytes()
    try:
        told = day.run("class", "roster", theirs)
        assert "2 changed" in told.stdout and "and kept: zoe (Zoe Test)" in told.stdout
        target = tmp_path / "marks.csv"
        done = day.run("marks", CHAPTER, "--for", "canvas", "--output", target)
    finally:
        roster.write_bytes(before)
    lines = target.read_text().splitlines()
    assert lines[:3] == [
        "Student,ID,SIS User ID,SIS Login ID,Section,Memory wall (4711)",
        "    Points Possible,,,,,80",
        f'"Test, Ada",501,s1,ada,One,{FULL:g}',
    ]
    assert "Canvas will not know zoe" in done.stderr


def test_moodle_gets_what_it_maps_by(day: Course) -> None:
    lines = day.run("marks", CHAPTER, "--for", "moodle").stdout.splitlines()
    assert lines[0] == "ID number,Email address,Memory wall (4711)"
    assert f",ada@x.org,{FULL:g}" in lines


def test_the_class_report_says_what_was_hard(day: Course, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    done = day.run("report", CHAPTER, "--html", page)
    text, shown = " ".join(done.stdout.split()), page.read_text()
    tried = 4
    assert "5 of 6 notebooks graded" in text
    for test in MISTAKE.fails:
        assert test.removeprefix("test_").replace("_", " ") in text
    assert f"25% (1 of {tried})" in text and f"25% (1 of {tried})" in shown
    assert MISTAKE.sentence.replace("'", "&#x27;") in shown
    assert "20% (1 of 5)" in text  # one left even this exercise as it was
    assert "not valid JSON" in text and "not valid JSON" in shown
    assert "Faults of ours" in text


def test_a_verdict_is_read_as_it_was_written(day: Course) -> None:
    files = list((day.classroom / "verdicts" / CHAPTER).glob("*.json"))
    assert files
    for path in files:
        verdict = load_verdict(path)
        assert verdict is not None
        kept = json.loads(path.read_text())["exercises"]
        assert json.loads(json.dumps([one.as_json() for one in verdict.exercises])) == kept
        assert all(isinstance(one, ExerciseVerdict) for one in verdict.exercises)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("grade", "nothing", "--dry-run"), "there is no chapter 'nothing'"),
        (("marks", "nothing"), "there is no chapter 'nothing'"),
        (("marks", "--output", "."), "cannot be written"),
        (("report", "nothing"), "there is no chapter"),
        (("collect", CHAPTER, "missing.zip"), "there is no missing.zip"),
        (("collect", CHAPTER, "solutions", "--who", "x=y"), "--who x=y"),
        (("class", "roster", "missing.csv"), "cannot be read"),
        (("class", "init"), "is there already"),
    ],
)
def test_a_wrong_word_is_one_line(words: tuple[str, ...], told: str, day: Course) -> None:
    done = day.run(*words, status=2)
    assert told in done.stderr.splitlines()[-1]


def test_before_there_is_a_roster_the_commands_say_what_to_do(tmp_path: Path) -> None:
    course = copy_of_the_course(tmp_path)
    for words in (("collect", CHAPTER, "x.zip"), ("marks", "--for", "canvas")):
        assert "course class roster" in course.run(*words, status=2).stderr
    told = course.run("grade", CHAPTER, "--dry-run", status=2).stderr
    assert "no notebooks of memory_wall" in told
    course.close()
    shutil.rmtree(course.folder, ignore_errors=True)
