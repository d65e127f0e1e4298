"""The class's rules, from `classroom/class.toml`: due times, late rules, points, extensions.

Every mistake in the file is one line that names the key and, where it can be found, the line.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from autograder.classroom.files import classroom, write_whole
from autograder.course import CourseError, chapters, exercises

TEMPLATE = """\
# The class, in one file. Everything in it may be left out.
# After a change run `course grade CHAPTER`: it brings the late penalties up to date.

# Times without a zone, as zip archives have them, are read in this zone.
# Left out: the zone of this machine.
# zone = "Europe/Berlin"

# What is taken off late work, in every chapter that does not say otherwise.
[late]
percent = 0             # of the chapter's full points, for each started day or hour
# points = 2            # or so many points instead
per = "day"             # "day" or "hour", counted from the due time
grace_minutes = 15      # as late as this costs nothing
# maximum_percent = 50  # never more than this; maximum_points does the same in points

# A chapter: when it is due, and what is special about it.
# [chapters.memory_wall]
# due = 2030-11-04T23:59:00+01:00    # a time with its zone
# column = "Memory wall (4711)"      # the column's name in Moodle or Canvas
#
# [chapters.memory_wall.late]        # instead of [late] above, as a whole
# percent = 10
# maximum_percent = 50
#
# [chapters.memory_wall.points]      # what an exercise is worth in the marks; the rest stay
# shrink = 20

# More time for one student: a new due time for a chapter.
# [extensions.ada]
# memory_wall = 2030-11-11T23:59:00+01:00
"""

PERIODS = {"day": 86_400, "hour": 3_600}


@dataclass(frozen=True)
class Late:
    """What late work costs."""

    percent: float = 0.0  # of the full points, per started period
    points: float = 0.0  # per started period
    per: str = "day"
    grace_minutes: float = 0.0
    maximum_percent: float | None = None
    maximum_points: float | None = None

    def penalty(self, seconds: float, full: float) -> float:
        """The points that `seconds` after the due time cost, of `full` points.

        Within the grace nothing is taken. After it periods count from the due time.
        """
        if seconds <= 0 or seconds <= self.grace_minutes * 60:
            return 0.0
        periods = math.ceil(seconds / PERIODS[self.per])
        limits = [full]
        if self.maximum_percent is not None:
            limits.append(full * self.maximum_percent / 100)
        if self.maximum_points is not None:
            limits.append(self.maximum_points)
        return min(periods * (self.points + full * self.percent / 100), *limits, full)


@dataclass(frozen=True)
class ChapterPolicy:
    """The rules of one chapter."""

    due: datetime | None = None  # with its zone
    late: Late = Late()
    points: Mapping[str, float] = field(default_factory=dict)  # by exercise, where scaled
    column: str = ""  # the name of the column in a table of marks


@dataclass(frozen=True)
class Policy:
    """The rules of the class."""

    chapters: Mapping[str, ChapterPolicy] = field(default_factory=dict)
    late: Late = Late()
    extensions: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    zone: tzinfo | None = None  # None: the machine's

    def of(self, chapter: str) -> ChapterPolicy:
        return self.chapters.get(chapter, ChapterPolicy(late=self.late))

    def due(self, chapter: str, student: str) -> datetime | None:
        """When the chapter is due for `student`, extension included."""
        return self.extensions.get(student, {}).get(chapter) or self.of(chapter).due

    def extension(self, chapter: str, student: str) -> timedelta | None:
        own, due = self.extensions.get(student, {}).get(chapter), self.of(chapter).due
        return own - due if own and due else None

    def in_zone(self, time: datetime) -> datetime:
        """`time` with a zone: its own, or the class's."""
        if time.tzinfo is not None:
            return time
        return time.replace(tzinfo=self.zone) if self.zone else time.astimezone()


def naive_utc(time: datetime) -> datetime:
    """A time as nbgrader keeps it: UTC, without saying so."""
    return time.astimezone(UTC).replace(tzinfo=None)


def policy_file(course: Path) -> Path:
    return classroom(course) / "class.toml"


def write_template(course: Path) -> Path:
    """Write the documented template. Raises `CourseError` when there is a file already."""
    path = policy_file(course)
    if path.exists() or path.is_symlink():
        raise CourseError("classroom/class.toml is there already; it was left as it is")
    write_whole(path, TEMPLATE.encode())
    return path


# ---- reading --------------------------------------------------------------------------------


class _Reading:
    """The file as text and as data, to say where a mistake stands."""

    def __init__(self, text: str):
        self.text = text

    def wrong(self, keys: tuple[str, ...], what: str) -> CourseError:
        line = self._line(keys)
        where = f" line {line}" if line else ""
        return CourseError(f"class.toml{where}: {'.'.join(keys)} {what}")

    def _line(self, keys: tuple[str, ...]) -> int | None:
        """The line of a key: the table's header plus the key, at whichever depth it is written."""
        table: tuple[str, ...] = ()
        for number, line in enumerate(self.text.splitlines(), start=1):
            header = re.match(r"\s*\[([^\[\]]+)\]\s*(#.*)?$", line)
            if header:
                table = _split(header[1])
                if table[: len(keys)] == keys:
                    return number
                continue
            key = re.match(r"\s*([^#=]+?)\s*=", line)
            if key and (*table, *_split(key[1]))[: len(keys)] == keys:
                return number
        return None

    def table(self, value: Any, keys: tuple[str, ...], known: Collection[str] = ()) -> Any:
        if not isinstance(value, dict):
            raise self.wrong(keys, "must be a table")
        for key in value:
            if known and key not in known:
                raise self.wrong((*keys, key), f"is not known; known are {', '.join(known)}")
        return value

    def number(self, value: Any, keys: tuple[str, ...], most: float = math.inf) -> float:
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not good or not 0 <= value <= most or not math.isfinite(value):
            limit = "" if most == math.inf else f" to {most:g}"
            raise self.wrong(keys, f"must be a number from 0{limit}, not {_shown(value)}")
        return float(value)

    def time(self, value: Any, keys: tuple[str, ...]) -> datetime:
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                pass  # said below
        if not isinstance(value, datetime):
            raise self.wrong(
                keys, f"must be a time as 2030-11-04T23:59:00+01:00, not {_shown(value)}"
            )
        if value.tzinfo is None:
            raise self.wrong(keys, "has no zone: add one at its end, as in +01:00 or Z")
        return value


def _split(dotted: str) -> tuple[str, ...]:
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([^.\s"\']+)', dotted)
    return tuple(a or b or c for a, b, c in parts)


def _shown(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)


LATE_KEYS = ("percent", "points", "per", "grace_minutes", "maximum_percent", "maximum_points")


def _late(read: _Reading, value: Any, keys: tuple[str, ...]) -> Late:
    found = read.table(value, keys, LATE_KEYS)
    per = found.get("per", "day")
    if per not in PERIODS:
        raise read.wrong((*keys, "per"), f'must be "day" or "hour", not {_shown(per)}')
    numbers = {
        key: read.number(found[key], (*keys, key), 100 if "percent" in key else math.inf)
        for key in LATE_KEYS
        if key != "per" and key in found
    }
    if numbers.get("percent") and numbers.get("points"):
        raise read.wrong((*keys, "points"), "and percent both take something off: keep one")
    return Late(per=per, **numbers)


def _points(read: _Reading, value: Any, chapter: str, keys: tuple[str, ...]) -> Mapping[str, float]:
    names = [one.name for one in exercises(chapter)]
    found = read.table(value, keys)
    for name in found:
        if name not in names:
            raise read.wrong(
                (*keys, name), f"is no exercise of {chapter}; it has {', '.join(names)}"
            )
    return {name: read.number(number, (*keys, name)) for name, number in found.items()}


def _chapter(read: _Reading, value: Any, name: str, usual: Late) -> ChapterPolicy:
    keys = ("chapters", name)
    found = read.table(value, keys, ("due", "late", "points", "column"))
    column = found.get("column", "")
    if not isinstance(column, str) or not column.isprintable():
        raise read.wrong((*keys, "column"), "must be a text of one line")
    return ChapterPolicy(
        read.time(found["due"], (*keys, "due")) if "due" in found else None,
        _late(read, found["late"], (*keys, "late")) if "late" in found else usual,
        _points(read, found["points"], name, (*keys, "points")) if "points" in found else {},
        column,
    )


def _zone(read: _Reading, value: Any) -> tzinfo:
    try:
        return ZoneInfo(value)
    except Exception as problem:  # a wrong type, an unknown name, a path: each its own error
        raise read.wrong(("zone",), f'must be as "Europe/Berlin", not {_shown(value)}') from problem


def parse_policy(text: str, students: Collection[str] | None = None) -> Policy:
    """The rules that `text` states. `students`: whom extensions may name; None: anyone.

    Raises:
        CourseError: `text` is not TOML, or something in it is unknown or of a wrong kind.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise CourseError(f"class.toml is not valid TOML: {problem}") from problem
    read = _Reading(text)
    read.table(data, (), ("zone", "late", "chapters", "extensions"))
    usual = _late(read, data.get("late", {}), ("late",))
    known = chapters()

    def chapter_known(name: str, keys: tuple[str, ...]) -> None:
        if name not in known:
            raise read.wrong(keys, f"names no chapter of the course; there are {', '.join(known)}")

    rules = {}
    for name, value in read.table(data.get("chapters", {}), ("chapters",)).items():
        chapter_known(name, ("chapters", name))
        rules[name] = _chapter(read, value, name, usual)
    extensions: dict[str, dict[str, datetime]] = {}
    for student, value in read.table(data.get("extensions", {}), ("extensions",)).items():
        if students is not None and student not in students:
            raise read.wrong(
                ("extensions", student),
                "names no student: it is neither in the roster nor in classroom/submitted/",
            )
        for name, time in read.table(value, ("extensions", student)).items():
            keys = ("extensions", student, name)
            chapter_known(name, keys)
            new = read.time(time, keys)
            due = rules.get(name, ChapterPolicy()).due
            if due is None:
                raise read.wrong(keys, f"extends nothing: chapters.{name} has no due time")
            if new < due:
                raise read.wrong(keys, "is before the chapter's own due time")
            extensions.setdefault(student, {})[name] = new
    zone = _zone(read, data["zone"]) if "zone" in data else None
    return Policy(rules, usual, extensions, zone)


def read_policy(course: Path, students: Collection[str] | None = None) -> Policy:
    """The class's rules; none where there is no file. Raises as `parse_policy`."""
    path = policy_file(course)
    if not path.exists():
        return Policy()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise CourseError(f"classroom/class.toml cannot be read: {problem}") from problem
    return parse_policy(text, students)
