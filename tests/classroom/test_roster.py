"""Rosters from Moodle, from Canvas and from a plain file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.classroom.roster import (
    Change,
    fold,
    problem_with_id,
    read_listed,
    read_roster,
    roster_file,
    take_in,
)
from autograder.course import CourseError

PLAIN = "id,first_name,last_name,email\nada,Ada,Lovelace,ada@x.org\nbo,Bo,Xu,\n"
MOODLE = (
    "First name,Last name,ID number,Email address,Groups\n"
    "Ada,Lovelace,,ada@x.org,A\nŽofie,Nováková,7,zofie@x.org,\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (99)\n"
    "    Points Possible,,,,,10\n"
    '"Lovelace, Ada",501,s1,ada,One,\n"Xu, Bo",502,s2,bo,One,3\n'
    '"Student, Test",900,,abcdef,One,\n'
)


@pytest.fixture(autouse=True)
def gradebook(tmp_path: Path, empty_gradebook: Path) -> None:
    (tmp_path / "classroom").mkdir()
    shutil.copyfile(empty_gradebook, tmp_path / "classroom" / "gradebook.db")


def take(text: str | bytes, tmp_path: Path, id_from: str = "") -> Change:
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    listed = read_listed(path, id_from)
    with Gradebook(f"sqlite:///{tmp_path}/classroom/gradebook.db", "beyond-pandas") as book:
        return take_in(listed, tmp_path, book)


def in_gradebook(tmp_path: Path) -> dict[str, tuple[str, str, str]]:
    with Gradebook(f"sqlite:///{tmp_path}/classroom/gradebook.db", "beyond-pandas") as book:
        return {one.id: (one.first_name, one.last_name, one.email) for one in book.students}


def test_a_plain_file_reaches_roster_and_gradebook(tmp_path: Path) -> None:
    assert len(take(PLAIN, tmp_path).new) == 2
    assert in_gradebook(tmp_path)["ada"] == ("Ada", "Lovelace", "ada@x.org")
    assert read_roster(tmp_path)["ada"].name == "Ada Lovelace"


def test_moodles_file_names_students_by_what_all_of_them_have(tmp_path: Path) -> None:
    take(MOODLE, tmp_path)
    assert set(read_roster(tmp_path)) == {"ada@x.org", "zofie@x.org"}
    assert read_roster(tmp_path)["zofie@x.org"].id_number == "7"


def test_canvass_file_has_rows_that_are_no_students(tmp_path: Path) -> None:
    take(CANVAS, tmp_path)
    members = read_roster(tmp_path)
    assert set(members) == {"ada", "bo"}
    assert (members["ada"].canvas_id, members["ada"].first_name) == ("501", "Ada")


def test_a_second_system_adds_to_what_is_known(tmp_path: Path) -> None:
    take(PLAIN, tmp_path)
    change = take(CANVAS, tmp_path)
    assert {one.id for one in change.changed} == {"ada", "bo"}
    ada = read_roster(tmp_path)["ada"]
    assert (ada.email, ada.canvas_id) == ("ada@x.org", "501")


def test_reading_twice_changes_nothing_and_nobody_is_removed(tmp_path: Path) -> None:
    take(PLAIN, tmp_path)
    before = roster_file(tmp_path).read_bytes(), in_gradebook(tmp_path)
    again = take(PLAIN, tmp_path)
    assert (len(again.new), len(again.changed), len(again.same)) == (0, 0, 2)
    fewer = take("id,first_name\nada,Ada\n", tmp_path)
    assert [one.id for one in fewer.missing] == ["bo"]
    assert (roster_file(tmp_path).read_bytes(), in_gradebook(tmp_path)) == before


@pytest.mark.parametrize(
    "student", ["", ".ada", "a/b", "..", "a\\b", "a*", "a\x00b", "a,b", "-x", "a\u202eb", "x" * 101]
)
def test_an_id_that_cannot_name_a_folder_is_refused(student: str) -> None:
    assert problem_with_id(student)


@pytest.mark.parametrize("student", ["ada", "ada@x.org", "107", "Žofie", "o'neil", "a b"])
def test_usual_ids_are_taken(student: str) -> None:
    assert not problem_with_id(student)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,first_name\nada,A\n../x,B\n", "line 3: the id '../x' contains '/'|begins with"),
        ("id,first_name\nada,A\n,B\n", "line 3: the id '' is empty"),
        ("id,first_name\nada,A\nAda,B\n", "line 3: the id 'Ada' stands in line 2"),
        ("name,mark\nada,1\n", "has the columns name, mark"),
        ("id,id\n1,2\n", "two columns called 'id'"),
        ("", "is empty"),
        ("id,first_name\n", "names no students"),
        (b"PK\x03\x04\x00\x00", "not a CSV file"),
    ],
)
def test_a_bad_file_is_one_line_and_writes_nothing(
    text: str | bytes, told: str, tmp_path: Path
) -> None:
    with pytest.raises(CourseError, match=told):
        take(text, tmp_path)
    assert not roster_file(tmp_path).exists()


@pytest.mark.parametrize(
    "raw",
    [
        MOODLE.replace(",", ";").encode("cp1252", "replace").replace(b"?ofie", b"\x8eofie"),
        MOODLE.replace(",", "\t").encode("utf-16"),
        MOODLE.replace("\n", "\r\n").encode("utf-8-sig"),
    ],
    ids=["windows", "utf-16", "byte order mark"],
)
def test_what_spreadsheets_write_is_read(raw: bytes, tmp_path: Path) -> None:
    take(raw, tmp_path)
    assert read_roster(tmp_path)["zofie@x.org"].first_name == "Žofie"


def test_a_column_of_choice_becomes_the_id(tmp_path: Path) -> None:
    take(CANVAS, tmp_path, "SIS User ID")
    assert set(read_roster(tmp_path)) == {"s1", "s2"}
    with pytest.raises(CourseError, match="has no column"):
        take(CANVAS, tmp_path, "Nickname")


def test_names_compare_without_case_accents_and_marks() -> None:
    assert fold("Žofie  Nováková-Ó") == fold("zofie novakova o")
    assert fold("Straße") == fold("STRASSE")
