"""The class's list of students, from Moodle's, Canvas's or a plain CSV file.

It is kept in `classroom/roster.csv`, with what each system calls a student, and nbgrader's
gradebook is told of everybody. Reading the same file twice changes nothing. A student who is
missing from a newer file is told about and stays.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from autograder.classroom.files import classroom, read_table, write_whole
from autograder.course import CourseError

LONGEST_ID = 100
FORBIDDEN = set('/\\:*?"<>|[]{},;') | {"\x7f"}  # folders, nbgrader's globs and lists

# Column -> field. The first of several columns that hold something counts.
PLAIN = {"id": "id", "first_name": "first_name", "last_name": "last_name", "email": "email"}
MOODLE = {
    "first name": "first_name",
    "last name": "last_name",
    "surname": "last_name",
    "email address": "email",
    "id number": "id_number",
    "username": "username",
}
CANVAS = {
    "student": "canvas_name",
    "id": "canvas_id",
    "sis user id": "sis_user_id",
    "sis login id": "sis_login_id",
    "section": "section",
}
# What becomes a student's id in the course: the first that every student has.
MOODLE_IDS = ("username", "id_number", "email")
CANVAS_IDS = ("sis_login_id", "sis_user_id", "canvas_id")


@dataclass(frozen=True)
class Member:
    """A student, with what the learning systems call them."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    username: str = ""  # Moodle's
    id_number: str = ""  # Moodle's
    canvas_name: str = ""
    canvas_id: str = ""
    sis_user_id: str = ""
    sis_login_id: str = ""
    section: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.canvas_name or self.id

    def names(self) -> set[str]:
        """The student's name as a file's name may have it, folded."""
        first, last = self.first_name, self.last_name
        written = {f"{first} {last}", f"{last} {first}", self.canvas_name}
        return {fold(name) for name in written} - {""}


COLUMNS = tuple(one.name for one in fields(Member))


def fold(name: str) -> str:
    """A name without case, accents, spaces and marks, so that two ways to write it compare."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in parts if letter.isalnum())


def problem_with_id(student: str) -> str:
    """Why `student` cannot be a student's id; "" when it can. It names folders."""
    if not student:
        return "is empty"
    if len(student.encode()) > LONGEST_ID:
        return f"is longer than {LONGEST_ID} bytes"
    if student[0] in ".-~":
        return f"begins with {student[0]!r}"
    if student.endswith("."):
        return "ends with a dot"
    bad = next((c for c in student if c in FORBIDDEN or not c.isprintable()), "")
    return f"contains {bad!r}" if bad else ""


# ---- reading a file -------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """What a file of students holds."""

    members: tuple[Member, ...]
    system: str  # "plain", "Moodle", "Canvas"
    id_from: str  # the column that became the id
    encoding: str


def _system(columns: Iterable[str]) -> tuple[str, Mapping[str, str], tuple[str, ...]] | None:
    have = {column.casefold() for column in columns}
    if {"student", "id"} <= have:
        return "Canvas", CANVAS, CANVAS_IDS
    if "id" in have:
        return "plain", PLAIN, ("id",)
    if "email address" in have and "first name" in have:
        return "Moodle", MOODLE, MOODLE_IDS
    return None


def _is_person(system: str, row: Mapping[str, str]) -> bool:
    """Canvas's file has rows that are no students: points possible, a test student."""
    if system != "Canvas":
        return True
    name = row.get("canvas_name", "").casefold()
    return bool(row.get("canvas_id")) and name not in {"points possible", "student, test"}


def read_listed(path: Path, id_from: str = "") -> Listed:
    """The students in a CSV file. `id_from`: the column that becomes the id.

    Raises:
        CourseError: the columns are none of the three systems', or an id cannot be used.
    """
    columns, lines, encoding = read_table(path)
    known = _system(columns)
    if known is None:
        raise CourseError(
            f"{path.name} has the columns {', '.join(columns)[:120]}: known are Moodle's (First "
            "name, Last name, Email address), Canvas's (Student, ID) and id,first_name,last_name,"
            "email"
        )
    system, mapping, candidates = known
    rows: list[tuple[int, dict[str, str]]] = []
    for line, cells in lines:
        row: dict[str, str] = {}
        for column, value in cells.items():
            name = mapping.get(column.casefold())
            if name and value and not row.get(name):
                row[name] = unicodedata.normalize("NFC", value)
            if id_from and column.casefold() == id_from.casefold():
                row["id"] = unicodedata.normalize("NFC", value)
        if _is_person(system, row):
            rows.append((line, row))
    if not rows:
        raise CourseError(f"{path.name} names no students")
    if id_from:
        if id_from.casefold() not in {column.casefold() for column in columns}:
            raise CourseError(f"{path.name} has no column {id_from!r}: {', '.join(columns)[:120]}")
        chosen = "id"
    else:
        chosen = next((c for c in candidates if all(row.get(c) for _, row in rows)), candidates[-1])
    members = []
    for line, row in rows:
        student = row.get(chosen, "")
        problem = problem_with_id(student)
        if problem:
            raise CourseError(f"{path.name} line {line}: the id {student!r} {problem}")
        members.append(_member(system, {**row, "id": student}))
    _unique(path.name, [line for line, _ in rows], members)
    column = id_from or next(c for c, f in mapping.items() if f == chosen)
    return Listed(tuple(members), system, column, encoding)


def _member(system: str, row: dict[str, str]) -> Member:
    if system == "Canvas":
        last, _, first = row.get("canvas_name", "").partition(",")
        row = {"last_name": last.strip(), "first_name": first.strip(), **row}
        login = row.get("sis_login_id", "")
        if "@" in login:
            row.setdefault("email", login)
    return Member(**{key: value for key, value in row.items() if key in COLUMNS})


def _unique(file: str, lines: list[int], members: list[Member]) -> None:
    seen: dict[str, int] = {}
    for line, member in zip(lines, members, strict=True):
        key = member.id.casefold()  # a file system may not tell Ada from ada
        if key in seen:
            raise CourseError(
                f"{file} line {line}: the id {member.id!r} stands in line {seen[key]} already"
            )
        seen[key] = line


# ---- the class's own list -------------------------------------------------------------------


def roster_file(course: Path) -> Path:
    return classroom(course) / "roster.csv"


def read_roster(course: Path) -> dict[str, Member]:
    """The class's students by id, in the order of the file; empty where there is no roster."""
    path = roster_file(course)
    if not path.exists():
        return {}
    columns, lines, _ = read_table(path)
    if "id" not in columns:
        raise CourseError("classroom/roster.csv has no column id: run `course class roster` again")
    found: list[Member] = []
    for line, row in lines:
        problem = problem_with_id(row.get("id", ""))
        if problem:
            raise CourseError(f"roster.csv line {line}: the id {row.get('id')!r} {problem}")
        found.append(Member(**{key: value for key, value in row.items() if key in COLUMNS}))
    _unique("roster.csv", [line for line, _ in lines], found)
    return {member.id: member for member in found}


def _as_csv(members: Iterable[Member]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(asdict(member) for member in members)
    return text.getvalue().encode()


@dataclass(frozen=True)
class Change:
    """What a file of students changed."""

    new: tuple[Member, ...]
    changed: tuple[Member, ...]
    same: tuple[Member, ...]
    missing: tuple[Member, ...]  # in the roster and not in the file: they stay


def take_in(listed: Listed, course: Path, gradebook: Any) -> Change:
    """Add the listed students to the roster and to nbgrader's `gradebook`; nobody is removed."""
    known = read_roster(course)
    spelled = {student.casefold(): student for student in known}
    after = dict(known)
    new: list[Member] = []
    changed: list[Member] = []
    same: list[Member] = []
    for member in listed.members:
        if spelled.get(member.id.casefold(), member.id) != member.id:
            other = spelled[member.id.casefold()]
            raise CourseError(f"{member.id!r} is in the roster as {other!r}: write it the same way")
        before = known.get(member.id)
        if before is None:
            new.append(member)
            after[member.id] = member
            continue
        said = {key: value for key, value in asdict(member).items() if value}
        after[member.id] = replace(before, **said)
        (same if after[member.id] == before else changed).append(after[member.id])
    content = _as_csv(after.values())
    path = roster_file(course)
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)
    for member in after.values():
        _tell(gradebook, member)
    here = {member.id for member in listed.members}
    missing = tuple(member for member in known.values() if member.id not in here)
    return Change(tuple(new), tuple(changed), tuple(same), missing)


def _tell(gradebook: Any, member: Member) -> None:
    said = {
        "first_name": member.first_name,
        "last_name": member.last_name,
        "email": member.email,
        "lms_user_id": member.canvas_id,
    }
    gradebook.update_or_create_student(member.id, **{k: v for k, v in said.items() if v})


def named(student: str, roster: Mapping[str, Member]) -> str:
    """A student as a person reads it: `1001 (Ada Lovelace)` where the roster has a name."""
    name = name_of(student, roster)
    return f"{student} ({name})" if name else student


def name_of(student: str, roster: Mapping[str, Member]) -> str:
    """The student's name; "" where the roster has none."""
    member = roster.get(student)
    return member.name if member and member.name != student else ""


def students_of(course: Path, roster: Collection[str] | None = None) -> set[str]:
    """Everyone that a rule may name: the roster, and whoever has handed something in."""
    known = set(read_roster(course) if roster is None else roster)
    submitted = classroom(course) / "submitted"
    if submitted.is_dir():
        known |= {one.name for one in submitted.iterdir() if one.is_dir()}
    return known
