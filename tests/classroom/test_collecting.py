"""Archives as Moodle and Canvas give them, and archives that nobody should give."""

from __future__ import annotations

import io
import os
import signal
import stat
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.classroom import collecting
from autograder.classroom.collecting import Plan, Step
from autograder.classroom.policy import Policy, parse_policy
from autograder.classroom.roster import Member
from autograder.classroom.timestamps import read_timestamp
from autograder.course import ROOT, CourseError

CHAPTER = "memory_wall"
MEMBERS = [
    Member("ada", "Ada", "Lovelace", "ada@x.org", canvas_id="501"),
    Member("zofie", "Žofie", "Nováková", "zofie@x.org", canvas_id="502"),
    Member("bo", "Bo", "Xu", "bo@x.org", canvas_id="503"),
]
ROSTER = {one.id: one for one in MEMBERS}
DUE = datetime(2025, 11, 3, 23, 0, tzinfo=UTC)
BEFORE, AFTER = (2025, 11, 3, 20, 0, 0), (2025, 11, 5, 20, 0, 0)
POLICY = parse_policy('zone = "UTC"\n[chapters.memory_wall]\ndue = 2025-11-03T23:00:00Z\n')

Entry = tuple[str, bytes, tuple[int, int, int, int, int, int]]


def zipped(path: Path, entries: Sequence[Entry | zipfile.ZipInfo], content: bytes = b"x") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            if isinstance(entry, zipfile.ZipInfo):
                archive.writestr(entry, content)
                continue
            name, data, made = entry
            archive.writestr(zipfile.ZipInfo(name, made), data, zipfile.ZIP_DEFLATED)
    return path


def moodle(name: str, number: int, file: str = "memory_wall.ipynb") -> str:
    return f"{name}_{number}_assignsubmission_file_/{file}"


def collect(
    source: Path,
    course: Path,
    *,
    policy: Policy = POLICY,
    roster: Mapping[str, Member] = ROSTER,
    said: Mapping[str, str] | None = None,
    times: Mapping[str, datetime] | None = None,
    force: bool = False,
) -> Plan:
    with collecting.open_items(source, policy) as items:
        plan = collecting.make_plan(
            items, CHAPTER, course, roster, policy, said=said, times=times, force=force
        )
        collecting.carry_out(plan, CHAPTER, course)
    return plan


def submitted(course: Path, student: str) -> bytes | None:
    path = course / "classroom" / "submitted" / student / CHAPTER / f"{CHAPTER}.ipynb"
    return path.read_bytes() if path.exists() else None


def received(course: Path, student: str) -> datetime | None:
    return read_timestamp(course / "classroom" / "submitted" / student / CHAPTER)


def steps(plan: Plan) -> dict[str, Step]:
    return {step.student: step for step in plan.steps}


def everything_below(course: Path) -> set[str]:
    return {str(path.relative_to(course)) for path in course.rglob("*") if not path.is_dir()}


# ---- Moodle ---------------------------------------------------------------------------------


def test_moodles_archive_reaches_each_students_folder(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "m.zip",
        [
            (moodle("Ada Lovelace", 11), b"ada", BEFORE),
            (moodle("Nováková Žofie", 12), "žofie".encode(), AFTER),
            ("__MACOSX/" + moodle("Bo Xu", 13, "._memory_wall.ipynb"), b"junk", BEFORE),
        ],
    )
    plan = collect(source, tmp_path / "c")
    assert submitted(tmp_path / "c", "ada") == b"ada"
    assert submitted(tmp_path / "c", "zofie") == "žofie".encode()
    assert received(tmp_path / "c", "zofie") == datetime(*AFTER, tzinfo=UTC)
    assert steps(plan)["zofie"].time_from == "archive"
    assert (plan.system, plan.without, plan.unmatched) == ("Moodle", (("bo", "nothing"),), ())


def test_moodles_archive_without_folders_is_read_too(tmp_path: Path) -> None:
    name = "Ada Lovelace_11_assignsubmission_file_memory_wall.ipynb"
    collect(zipped(tmp_path / "m.zip", [(name, b"ada", BEFORE)]), tmp_path / "c")
    assert submitted(tmp_path / "c", "ada") == b"ada"


def test_of_two_attempts_the_newer_counts_and_the_older_is_told(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "m.zip",
        [
            (moodle("Ada Lovelace", 11, "memory_wall (1).ipynb"), b"new", AFTER),
            (moodle("Ada Lovelace", 11, "memory_wall.ipynb"), b"old", BEFORE),
            (moodle("Ada Lovelace", 11, "scratch.ipynb"), b"scratch", (2025, 11, 9, 0, 0, 0)),
        ],
    )
    plan = collect(source, tmp_path / "c")
    assert submitted(tmp_path / "c", "ada") == b"new"
    assert [one.file for one in steps(plan)["ada"].passed_over] == [
        "memory_wall.ipynb",
        "scratch.ipynb",
    ]


def test_an_unknown_student_is_told_and_nobody_gets_the_file(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "m.zip",
        [(moodle("Ada Lovelace", 11), b"a", BEFORE), (moodle("Eve Odd", 14), b"e", AFTER)],
    )
    plan = collect(source, tmp_path / "c")
    assert [why for _, why in plan.unmatched] == ["nobody in the roster is Eve Odd (14)"]
    assert len(list((tmp_path / "c" / "classroom" / "submitted").iterdir())) == 1
    said = collect(source, tmp_path / "c", said={"14": "bo"})
    assert not said.unmatched and submitted(tmp_path / "c", "bo") == b"e"


def test_two_people_of_one_name_never_get_each_others_file(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "m.zip",
        [(moodle("Bo Xu", 13), b"one", BEFORE), (moodle("Bo Xu", 14), b"other", AFTER)],
    )
    plan = collect(source, tmp_path / "c")
    assert submitted(tmp_path / "c", "bo") is None
    assert all("several people" in why for _, why in plan.unmatched)
    twins = {**ROSTER, "bo2": Member("bo2", "Bo", "Xu")}
    plan = collect(source, tmp_path / "c", roster=twins)
    assert all("may be bo or bo2" in why for _, why in plan.unmatched)
    collect(source, tmp_path / "c", roster=twins, said={"13": "bo", "14": "bo2"})
    assert (submitted(tmp_path / "c", "bo"), submitted(tmp_path / "c", "bo2")) == (b"one", b"other")


def test_accents_tell_two_people_apart(tmp_path: Path) -> None:
    both = {**ROSTER, "z2": Member("z2", "Zofie", "Novakova")}
    source = zipped(
        tmp_path / "m.zip",
        [
            (moodle("Žofie Nováková", 12), b"with", BEFORE),
            (moodle("Zofie Novakova", 15), b"", AFTER),
        ],
    )
    collect(source, tmp_path / "c", roster=both)
    assert (submitted(tmp_path / "c", "zofie"), submitted(tmp_path / "c", "z2")) == (b"with", b"")


# ---- Canvas ---------------------------------------------------------------------------------


def test_canvass_archive_is_matched_by_its_numbers(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "c.zip",
        [
            ("lovelaceada_501_9001_memory_wall.ipynb", b"first", AFTER),
            ("lovelaceada_501_9002_memory_wall-1.ipynb", b"second", AFTER),
            ("somebodyelse_LATE_502_9003_memory_wall.ipynb", b"late", AFTER),
            ("xubo_503_9004_essay.pdf", b"pdf", AFTER),
        ],
    )
    plan = collect(source, tmp_path / "c")
    assert submitted(tmp_path / "c", "ada") == b"second"
    assert received(tmp_path / "c", "ada") == DUE  # Canvas's own times are those of the download
    assert received(tmp_path / "c", "zofie") == DUE + timedelta(seconds=1)
    assert plan.without == (("bo", "no notebook, but essay.pdf"),)
    assert "who is marked LATE is by a second" in plan.notes[0]


def test_a_canvas_number_of_someone_else_is_not_matched_by_name(tmp_path: Path) -> None:
    source = zipped(tmp_path / "c.zip", [("lovelaceada_777_9001_memory_wall.ipynb", b"x", AFTER)])
    plan = collect(source, tmp_path / "c")
    assert submitted(tmp_path / "c", "ada") is None and len(plan.unmatched) == 1


def test_canvass_names_do_where_the_roster_has_no_numbers(tmp_path: Path) -> None:
    roster = {"ada": Member("ada", "Ada", "Lovelace")}
    source = zipped(tmp_path / "c.zip", [("lovelaceada_1_2_memory_wall.ipynb", b"x", AFTER)])
    collect(source, tmp_path / "c", roster=roster)
    assert submitted(tmp_path / "c", "ada") == b"x"


def test_an_extension_of_ours_overrules_canvass_late_mark(tmp_path: Path) -> None:
    text = (
        "[chapters.memory_wall]\ndue = 2025-11-03T23:00:00Z\n"
        "[extensions.ada]\nmemory_wall = 2025-11-10T23:00:00Z\n"
    )
    source = zipped(tmp_path / "c.zip", [("lovelaceada_LATE_501_9_memory_wall.ipynb", b"x", AFTER)])
    plan = collect(source, tmp_path / "c", policy=parse_policy(text))
    assert steps(plan)["ada"].time_from == "taken as in time"


# ---- times ----------------------------------------------------------------------------------


def test_times_that_lie_together_are_those_of_the_download(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "m.zip",
        [(moodle("Ada Lovelace", 11), b"a", AFTER), (moodle("Bo Xu", 13), b"b", AFTER)],
    )
    plan = collect(source, tmp_path / "c")
    assert received(tmp_path / "c", "ada") == DUE
    assert "nobody is late by them" in plan.notes[0]


def test_moodles_worksheet_gives_the_real_times(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Last modified (submission),Grade\n"
        'Participant 11,Ada Lovelace,ada@x.org,"Tuesday, 4 November 2025, 11:30 PM",\n'
        "Participant 13,Bo Xu,BO@x.org,-,\n"
    )
    times = collecting.read_times(sheet, ROSTER, POLICY)
    assert times == {"ada": datetime(2025, 11, 4, 23, 30, tzinfo=UTC)}
    source = zipped(tmp_path / "m.zip", [(moodle("Ada Lovelace", 11), b"a", AFTER)])
    collect(source, tmp_path / "c")
    plan = collect(source, tmp_path / "c", times=times)
    assert steps(plan)["ada"].does == "time corrected"
    assert received(tmp_path / "c", "ada") == times["ada"]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "id,submitted\nada,soon\n",
        "id,submitted\nada,nan\n",
        "id,submitted\nada,03/11/2025 10:00\n",  # November or March?
    ],
)
def test_a_bad_file_of_times_is_one_line(text: str, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(text)
    with pytest.raises(CourseError, match=r"sheet\.csv"):
        collecting.read_times(sheet, ROSTER, POLICY)


def test_a_time_in_utc_in_the_extra_field_counts_before_the_clock_on_the_wall(
    tmp_path: Path,
) -> None:
    info = zipfile.ZipInfo(moodle("Ada Lovelace", 11), AFTER)
    moment = datetime(2025, 11, 1, 8, 0, tzinfo=UTC)
    info.extra = struct.pack("<HHBi", 0x5455, 5, 1, int(moment.timestamp()))
    collect(zipped(tmp_path / "m.zip", [info]), tmp_path / "c")
    assert received(tmp_path / "c", "ada") == moment


# ---- a second time --------------------------------------------------------------------------


def test_collecting_again_changes_nothing_and_an_older_archive_replaces_nothing(
    tmp_path: Path,
) -> None:
    course = tmp_path / "c"
    older = zipped(tmp_path / "1.zip", [(moodle("Ada Lovelace", 11), b"old", BEFORE)])
    newer = zipped(tmp_path / "2.zip", [(moodle("Ada Lovelace", 11), b"new", AFTER)])
    collect(older, course)
    assert steps(collect(older, course))["ada"].does == "unchanged"
    assert steps(collect(newer, course))["ada"].does == "replaces an older file"
    assert steps(collect(older, course))["ada"].does == "kept: what is there is newer"
    assert submitted(course, "ada") == b"new"
    collect(older, course, force=True)
    assert submitted(course, "ada") == b"old"


def test_an_unpacked_folder_is_taken_and_links_in_it_are_not(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_text("secret")
    folder = tmp_path / "unpacked" / "ada"
    folder.mkdir(parents=True)
    (folder / "memory_wall.ipynb").write_text("ada")
    for student in ("bo", "zofie"):
        (tmp_path / "unpacked" / student).mkdir()
    (tmp_path / "unpacked" / "bo" / "memory_wall.ipynb").symlink_to(secret)
    os.mkfifo(tmp_path / "unpacked" / "zofie" / "memory_wall.ipynb")
    plan = collect(tmp_path / "unpacked", tmp_path / "c")
    assert set(steps(plan)) == {"ada"}
    assert dict(plan.without)["bo"] == "memory_wall.ipynb: it is a link"
    assert dict(plan.without)["zofie"] == "memory_wall.ipynb: it is not a plain file"


# ---- what nobody should give ----------------------------------------------------------------


def test_no_path_of_an_archive_is_written_to(tmp_path: Path) -> None:
    names = [
        "../../" + moodle("Ada Lovelace", 11),
        "/tmp/" + moodle("Bo Xu", 13),
        "C:\\" + moodle("Žofie Nováková", 12).replace("/", "\\"),
    ]
    source = zipped(tmp_path / "m.zip", [(name, b"evil", AFTER) for name in names])
    before = everything_below(tmp_path)
    plan = collect(source, tmp_path / "c")
    assert not plan.steps and everything_below(tmp_path) == before
    assert all("leads out of the archive" in what for _, what in plan.without)


def test_a_file_name_cannot_lead_out_of_the_students_folder(tmp_path: Path) -> None:
    name = "Ada Lovelace_11_assignsubmission_file_..\\..\\memory_wall.ipynb"
    plan = collect(zipped(tmp_path / "m.zip", [(name, b"evil", AFTER)]), tmp_path / "c")
    assert not plan.steps


@pytest.mark.parametrize(
    ("kind", "told"), [(stat.S_IFLNK, "it is a link"), (stat.S_IFCHR, "it is not a plain file")]
)
def test_links_and_devices_in_an_archive_are_not_opened(
    kind: int, told: str, tmp_path: Path
) -> None:
    info = zipfile.ZipInfo(moodle("Ada Lovelace", 11), AFTER)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    plan = collect(zipped(tmp_path / "m.zip", [info], b"/etc/passwd"), tmp_path / "c")
    assert dict(plan.without)["ada"] == f"memory_wall.ipynb: {told}"
    assert submitted(tmp_path / "c", "ada") is None


@pytest.mark.counted("bad notebooks handled")
@pytest.mark.parametrize(
    ("size", "told"),
    [(65 * 2**20, "it is larger than 64 MiB"), (20 * 2**20, "more than 200 times its size")],
)
def test_a_bomb_is_not_unpacked(size: int, told: str, tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "m.zip",
        [(moodle("Ada Lovelace", 11), bytes(size), AFTER), (moodle("Bo Xu", 13), b"bo", BEFORE)],
    )
    tracemalloc.start()
    plan = collect(source, tmp_path / "c")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told in dict(plan.without)["ada"]
    assert peak < 4 * 2**20
    assert submitted(tmp_path / "c", "bo") == b"bo"


@pytest.mark.counted("bad notebooks handled")
def test_a_bomb_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", [(moodle("Ada Lovelace", 11), bytes(80 * 2**20), AFTER)])
    raw = source.read_bytes()
    source.write_bytes(raw.replace(struct.pack("<I", 80 * 2**20), struct.pack("<I", 1000)))
    plan = collect(source, tmp_path / "c")
    assert dict(plan.without)["ada"] == "memory_wall.ipynb: it is damaged"


def test_an_archive_inside_the_archive_is_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("memory_wall.ipynb", "ada")
    name = moodle("Ada Lovelace", 11, "work.zip")
    plan = collect(zipped(tmp_path / "m.zip", [(name, inner.getvalue(), AFTER)]), tmp_path / "c")
    assert dict(plan.without)["ada"] == "no notebook, but work.zip"


def test_a_damaged_entry_costs_only_its_student(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "m.zip",
        [
            (moodle("Ada Lovelace", 11), os.urandom(5000), AFTER),
            (moodle("Bo Xu", 13), b"bo", BEFORE),
        ],
    )
    raw = bytearray(source.read_bytes())
    raw[1000] ^= 0xFF
    source.write_bytes(raw)
    plan = collect(source, tmp_path / "c")
    assert dict(plan.without)["ada"] == "memory_wall.ipynb: it is damaged"
    assert submitted(tmp_path / "c", "bo") == b"bo"


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_ENTRIES", 50)
    source = zipped(tmp_path / "m.zip", [(f"file-{n}", b"", AFTER) for n in range(51)])
    with pytest.raises(CourseError, match="more than 50 files"):
        collect(source, tmp_path / "c")


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x05\x06" + bytes(17)])
def test_what_is_no_archive_is_one_line(content: bytes, tmp_path: Path) -> None:
    source = tmp_path / "m.zip"
    source.write_bytes(content)
    with pytest.raises(CourseError, match=r"m\.zip is not a zip archive"):
        collect(source, tmp_path / "c")


def test_a_students_folder_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = tmp_path / "c" / "classroom" / "submitted"
    folder.mkdir(parents=True)
    (folder / "ada").symlink_to(elsewhere)
    source = zipped(tmp_path / "m.zip", [(moodle("Ada Lovelace", 11), b"a", AFTER)])
    plan = collect(source, tmp_path / "c")
    assert steps(plan)["ada"].does == "kept: the student's folder is a link"
    assert not list(elsewhere.iterdir())


def test_nobody_hands_in_for_someone_else_by_a_name(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "m.zip",
        [
            (moodle("Bo Xu", 13), b"bo", BEFORE),
            (moodle("Ada Lovelace", 11, moodle("Bo Xu", 13)), b"ada", AFTER),
            (moodle("Bo Xu_13_assignsubmission_file_", 14), b"evil", AFTER),
        ],
    )
    plan = collect(source, tmp_path / "c")
    assert (submitted(tmp_path / "c", "bo"), submitted(tmp_path / "c", "ada")) == (b"bo", b"ada")
    assert len(plan.unmatched) == 1
    flat = "Ada Lovelace_11_assignsubmission_file_Bo Xu_13_assignsubmission_file_memory_wall.ipynb"
    collect(zipped(tmp_path / "f.zip", [(flat, b"flat", AFTER)]), tmp_path / "d")
    assert submitted(tmp_path / "d", "ada") == b"flat"
    canvas = "lovelaceada_501_9001_xubo_503_9_memory_wall.ipynb"
    collect(zipped(tmp_path / "c.zip", [(canvas, b"canvas", AFTER)]), tmp_path / "e")
    assert submitted(tmp_path / "e", "ada") == b"canvas"


def test_one_odd_name_does_not_decide_how_the_archive_is_read(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "c.zip",
        [
            ("lovelaceada_501_1_Bo_13_assignsubmission_file_x.ipynb", b"odd", AFTER),
            ("xubo_503_2_memory_wall.ipynb", b"bo", AFTER),
            ("LATE_502_3_memory_wall.ipynb", b"nameless", AFTER),
        ],
    )
    plan = collect(source, tmp_path / "c")
    assert plan.system == "Canvas" and submitted(tmp_path / "c", "bo") == b"bo"
    assert received(tmp_path / "c", "zofie") == DUE + timedelta(seconds=1)


# ---- archives made elsewhere ----------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "says_so"), [("utf-8", True), ("utf-8", False)])
def test_names_in_utf_8_are_read_whether_or_not_the_archive_says_so(
    encoding: str, says_so: bool, tmp_path: Path
) -> None:
    source = tmp_path / "m.zip"
    source.write_bytes(_with_raw_name(moodle("Žofie Nováková", 12).encode(encoding), says_so))
    collect(source, tmp_path / "c")
    assert submitted(tmp_path / "c", "zofie") == b"zofie"


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "cp437"])
def test_an_archive_made_on_windows_is_read(encoding: str, tmp_path: Path) -> None:
    roster = {"zoe": Member("zoe", "Zoë", "Müller")}
    name = moodle("Zoë Müller", 12).replace("/", "\\")
    source = tmp_path / "m.zip"
    source.write_bytes(_with_raw_name(name.encode(encoding), says_so=False, system=0))
    collect(source, tmp_path / "c", roster=roster)
    assert submitted(tmp_path / "c", "zoe") == b"zofie"


def test_a_name_in_parts_of_letters_is_the_same_name(tmp_path: Path) -> None:
    apart = moodle("Z\u030cofie Nova\u0301kova\u0301", 12)  # as macOS writes it
    collect(zipped(tmp_path / "m.zip", [(apart, b"z", AFTER)]), tmp_path / "c")
    assert submitted(tmp_path / "c", "zofie") == b"z"


def _with_raw_name(name: bytes, says_so: bool, system: int = 3) -> bytes:
    """A zip archive of one file whose name is these very bytes."""
    stand_in = "n" * len(name)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        info = zipfile.ZipInfo(stand_in, AFTER)
        info.create_system = system
        archive.writestr(info, b"zofie")
    data = bytearray(raw.getvalue().replace(stand_in.encode(), name))
    if says_so:
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = data.index(mark) + offset
            data[place : place + 2] = struct.pack("<H", 0x800)
    return bytes(data)


# ---- killed ---------------------------------------------------------------------------------

KILLED = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from autograder.classroom import collecting
from autograder.classroom.policy import Policy
from autograder.classroom.roster import Member
roster = {{f"s{{n}}": Member(f"s{{n}}", f"First{{n}}", "Last") for n in range({many})}}
with collecting.open_items(Path({source!r}), Policy()) as items:
    plan = collecting.make_plan(items, "memory_wall", Path({course!r}), roster, Policy())
    collecting.carry_out(plan, "memory_wall", Path({course!r}))
"""


def test_killed_at_any_moment_it_leaves_whole_files_and_goes_on(tmp_path: Path) -> None:
    many, size = 24, 500_000
    course = tmp_path / "c"
    old, new = b"o" * size, b"n" * size
    sources = {}
    for text, made in ((old, BEFORE), (new, AFTER)):
        entries = [(moodle(f"First{n} Last", 100 + n), text, made) for n in range(many)]
        sources[text] = zipped(tmp_path / f"{text[:1].decode()}.zip", entries)
    everyone = [f"s{n}" for n in range(many)]
    roster = {f"s{n}": Member(f"s{n}", f"First{n}", "Last") for n in range(many)}
    collect(sources[old], course, policy=Policy(), roster=roster)
    script = KILLED.format(
        path=[str(ROOT), str(ROOT / "datasets")],
        many=many,
        source=str(sources[new]),
        course=str(course),
    )
    half_way = 0
    for reached in (0, 3, 9, 16):  # how many students have the new file when it is killed
        run = subprocess.Popen([sys.executable, "-c", script])
        order = sorted(everyone)
        while run.poll() is None and submitted(course, order[reached]) != new:
            time.sleep(0.0005)
        run.send_signal(signal.SIGKILL)
        run.wait()
        found = [submitted(course, student) for student in everyone]
        assert set(found) <= {old, new}
        half_way += old in found and new in found
        assert all(received(course, student) for student in everyone)
    assert half_way
    collect(sources[new], course, policy=Policy(), roster=roster)
    assert {submitted(course, student) for student in everyone} == {new}
    assert {received(course, student) for student in everyone} == {
        Policy().in_zone(datetime(*AFTER)).astimezone(UTC)
    }
