"""The class's rules: what the file may say, what late work costs, and how mistakes are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.classroom.policy import TEMPLATE, Late, parse_policy, read_policy, write_template
from autograder.course import CourseError

DUE = "[chapters.memory_wall]\ndue = 2030-11-04T23:59:00+01:00\n"
DAY, HOUR = 86_400, 3_600


def test_the_template_is_valid_and_so_is_every_line_of_it_in_comments() -> None:
    assert parse_policy(TEMPLATE).late.grace_minutes == 15
    lines = []
    for line in TEMPLATE.splitlines():
        code = line.removeprefix("# ")
        example = line.startswith("# ") and ("=" in code or code.startswith("["))
        lines.append(code if example and "points = 2" not in code else line)
    policy = parse_policy("\n".join(lines), {"ada"})
    assert policy.of("memory_wall").points == {"shrink": 20}
    assert policy.extension("memory_wall", "ada") == timedelta(days=7)


def test_a_template_is_never_written_over_a_class_of_yours(tmp_path: Path) -> None:
    path = write_template(tmp_path)
    path.write_text("# mine\n")
    with pytest.raises(CourseError, match="already"):
        write_template(tmp_path)
    assert path.read_text() == "# mine\n"
    assert read_policy(tmp_path).late == Late()


@pytest.mark.parametrize(
    ("late", "seconds", "points"),
    [
        (Late(percent=10), 0, 0),
        (Late(percent=10), 1, 8),
        (Late(percent=10), DAY, 8),
        (Late(percent=10), DAY + 1, 16),
        (Late(percent=10), 100 * DAY, 80),
        (Late(percent=10, maximum_percent=50), 100 * DAY, 40),
        (Late(percent=10, maximum_points=7), 100 * DAY, 7),
        (Late(percent=10, grace_minutes=15), 15 * 60, 0),
        (Late(percent=10, grace_minutes=15), 15 * 60 + 1, 8),
        (Late(points=3, per="hour"), 2 * HOUR, 6),
        (Late(points=3, per="hour"), 2 * HOUR + 1, 9),
        (Late(), 100 * DAY, 0),
    ],
)
def test_late_work_costs_what_the_rules_say(late: Late, seconds: float, points: float) -> None:
    assert late.penalty(seconds, 80) == pytest.approx(points)


def test_a_due_time_is_a_moment_whatever_its_zone() -> None:
    policy = parse_policy(DUE)
    assert policy.due("memory_wall", "ada") == datetime(2030, 11, 4, 22, 59, tzinfo=UTC)
    same = parse_policy('[chapters.memory_wall]\ndue = "2030-11-04T22:59Z"\n')
    assert same.due("memory_wall", "ada") == policy.due("memory_wall", "ada")


def test_a_chapter_takes_the_classs_late_rule_or_its_own_as_a_whole() -> None:
    usual = "[late]\npercent = 10\ngrace_minutes = 5\n"
    assert parse_policy(usual + DUE).of("memory_wall").late == Late(percent=10, grace_minutes=5)
    own = parse_policy(usual + DUE + "[chapters.memory_wall.late]\npoints = 2\n")
    assert own.of("memory_wall").late == Late(points=2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[late]\npercnt = 10\n", "line 2: late.percnt is not known"),
        ("colour = 1\n", "line 1: colour is not known"),
        ("[late]\n\npercent = 'ten'\n", "line 3: late.percent must be a number from 0 to 100"),
        ("[late]\npercent = true\n", "line 2: late.percent must be a number"),
        ("[late]\npercent = -1\n", "line 2: late.percent must be a number"),
        ("[late]\npercent = 101\n", "line 2: late.percent"),
        ("[late]\npoints = nan\n", "line 2: late.points must be a number"),
        ("[late]\npercent = 1\npoints = 1\n", "line 3: late.points and percent both"),
        ("[late]\nper = 'week'\n", 'line 2: late.per must be "day" or "hour"'),
        ("late = 3\n", "line 1: late must be a table"),
        ("[chapters.nothing]\n", "line 1: chapters.nothing names no chapter"),
        ("[chapters.memory_wall]\ndue = 2030-11-04T23:59:00\n", "line 2: .*due has no zone"),
        ("[chapters.memory_wall]\ndue = 2030-11-04\n", "line 2: .*due must be a time"),
        ("[chapters.memory_wall]\ndue = 'soon'\n", "line 2: .*due must be a time"),
        ("[chapters.memory_wall]\ncolumn = 4\n", "line 2: .*column must be a text"),
        ("[chapters.memory_wall.points]\nshrnk = 2\n", "line 2: .*shrnk is no exercise"),
        ("[chapters.memory_wall.points]\nshrink = -2\n", "line 2: .*shrink must be a number"),
        ("zone = 'Mars/North'\n", "line 1: zone must be"),
        ("zone = '../../etc/passwd'\n", "line 1: zone must be"),
        (DUE + "\n[extensions.zoe]\nmemory_wall = 2031-01-01T00:00:00Z\n", "line 4: .*no student"),
        (DUE + "[extensions.ada]\nmemry = 2031-01-01T00:00:00Z\n", "line 4: .*no chapter"),
        (DUE + "[extensions.ada]\nmemory_wall = 2030-01-01T00:00:00Z\n", "line 4: .*is before"),
        ("[extensions.ada]\nmemory_wall = 2030-01-01T00:00:00Z\n", "line 2: .*extends nothing"),
        (DUE + "extensions.ada = 3\n", "is not known"),
        ("[late\n", "not valid TOML"),
    ],
)
def test_a_mistake_is_one_line_with_the_key_and_its_line(text: str, told: str) -> None:
    with pytest.raises(CourseError, match=told) as caught:
        parse_policy(text, {"ada"})
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_told_of(tmp_path: Path) -> None:
    write_template(tmp_path).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CourseError, match="cannot be read"):
        read_policy(tmp_path)
