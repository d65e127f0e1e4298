"""Takes the archives that Moodle and Canvas give, and puts each notebook where nbgrader looks.

nbgrader's own `zip_collect` is not used. It unpacks whatever an archive holds, links and bombs
included, to the disk; it finds students by one regular expression, while Moodle names people in
full; it removes a student's old file before it copies the new one; and two attempts without times
end it. Here nothing is unpacked but the notebooks that are wanted, each in memory up to a limit,
and no path of an archive is ever written to.

**When a notebook was handed in** goes into `timestamp.txt`. It is the first of these:

1. the file given with `--times`: Moodle's grading worksheet, or a table `id,submitted`;
2. the time in the archive, where it is the upload's. Canvas stamps every file with the moment of
   the download, and so do some versions of Moodle: all times of an archive lie together then;
3. else the notebook counts as in time: the archive's time, or the due time if that is earlier.
   One that Canvas marks LATE counts as late by a second: how late it was Canvas does not say.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.classroom.files import read_table, submitted_folder, write_whole
from autograder.classroom.policy import Policy
from autograder.classroom.roster import Member, fold
from autograder.classroom.timestamps import NAME, BadTimestamp, as_text, read_timestamp
from autograder.course import CourseError
from autograder.submissions import LARGEST_FILE, Unreadable, read_bytes

MOST_ENTRIES = 20_000
MOST_BYTES = 4 * 1024**3  # of all notebooks together
LARGEST_RATIO = 200  # unpacked to packed, above:
RATIO_FROM = 16 * 1024 * 1024
TOGETHER = timedelta(minutes=10)  # times this close are those of a download

JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints"}
# A person may call themselves, or a file, as if it were someone else's. In a folder's name the last
# number is Moodle's own, in a file's the first; Canvas's names hold no underscore.
MOODLE_FOLDER = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_[a-z]+_(?P<file>)")
MOODLE_FILE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_(?P<file>.+)")
CANVAS = re.compile(
    r"(?:(?!LATE_)(?P<name>[^_]*)_)?(?P<late>LATE_)?(?P<number>\d+)_(?P<order>\d+)_(?P<file>.+)"
)
ATTEMPT = re.compile(r"(?:-(\d+)|\s*\((\d+)\))$")


# ---- what an archive or a folder holds ------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A file in an archive or a folder."""

    names: tuple[str, ...]  # how its path may be read, likeliest first; with slashes
    size: int
    time: datetime | None
    read: Callable[[], bytes] = field(repr=False, compare=False)
    problem: str = ""  # why it is not opened

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def notebook(self) -> bool:
        return self.name.casefold().endswith(".ipynb")


@contextmanager
def open_items(path: Path, policy: Policy) -> Iterator[list[Item]]:
    """The files of a zip archive, or of a folder into which one was unpacked.

    Raises:
        CourseError: it is neither, or larger than any class's archive.
    """
    if path.is_dir():
        yield _items_of_folder(path)
        return
    if not path.exists():
        raise CourseError(f"there is no {path}")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as problem:
        raise CourseError(f"{path.name} is not a zip archive that can be read: {problem}") from (
            problem
        )
    with archive:
        infos = archive.infolist()
        if len(infos) > MOST_ENTRIES:
            raise CourseError(f"{path.name} holds more than {MOST_ENTRIES:,} files")
        yield [_item(archive, info, policy) for info in infos if not info.is_dir()]


def _item(archive: zipfile.ZipFile, info: zipfile.ZipInfo, policy: Policy) -> Item:
    names = _readings(info)
    return Item(
        names,
        info.file_size,
        _time_of(info, policy),
        lambda: _unpack(archive, info),
        _problem(info, names[0]),
    )


def _readings(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """How the name may be read. Zip has no code page: Windows writes its own, others UTF-8."""
    name = info.orig_filename
    found = [name]
    if not info.flag_bits & 0x800:  # not said to be UTF-8
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        found = []
        for encoding in ("utf-8", "cp437", "cp850", "cp1252") if raw else ():
            try:
                found.append(raw.decode(encoding))
            except UnicodeDecodeError:
                continue
        found = found or [name]
    clean = [unicodedata.normalize("NFC", one).replace("\\", "/") for one in found]
    return tuple(dict.fromkeys(clean))


def _problem(info: zipfile.ZipInfo, name: str) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "it is a link"
    if kind not in (0, stat.S_IFREG):
        return "it is not a plain file"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        return "its path leads out of the archive"
    if "\x00" in name:
        return "its name holds a NUL"
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if info.file_size > LARGEST_FILE:
        return f"it is larger than {LARGEST_FILE >> 20} MiB: its outputs must be cleared"
    if info.file_size > RATIO_FROM and info.file_size > LARGEST_RATIO * info.compress_size:
        return f"it unpacks to more than {LARGEST_RATIO} times its size"
    return ""


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The content of an entry; never more than its header says, nor than the limit."""
    try:
        with archive.open(info) as file:
            content = file.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as problem:
        raise Unreadable("it is damaged") from problem
    except (RuntimeError, NotImplementedError, ValueError, MemoryError) as problem:
        raise Unreadable(f"it cannot be unpacked: {problem}") from problem
    except Exception as problem:  # the decompressors of lzma and bz2 have errors of their own
        raise Unreadable("it is damaged") from problem
    if len(content) > LARGEST_FILE:
        raise Unreadable(f"it is larger than {LARGEST_FILE >> 20} MiB")
    return content


def _time_of(info: zipfile.ZipInfo, policy: Policy) -> datetime | None:
    """The entry's time: in UTC where it says so in its extra field, else the class's zone."""
    extra = info.extra
    while len(extra) >= 4:
        tag, length = struct.unpack("<HH", extra[:4])
        value = extra[4 : 4 + length]
        if tag == 0x5455 and len(value) >= 5 and value[0] & 1:
            return datetime.fromtimestamp(struct.unpack("<i", value[1:5])[0], UTC)
        extra = extra[4 + length :]
    try:
        return policy.in_zone(datetime(*info.date_time)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _items_of_folder(path: Path) -> list[Item]:
    items = []
    for folder, _, names in os.walk(path):
        for name in names:
            file = Path(folder) / name
            about = file.lstat()
            shown = unicodedata.normalize("NFC", str(file.relative_to(path)).replace(os.sep, "/"))
            problem = ""
            if stat.S_ISLNK(about.st_mode):
                problem = "it is a link"
            elif not stat.S_ISREG(about.st_mode):
                problem = "it is not a plain file"
            elif about.st_size > LARGEST_FILE:
                problem = f"it is larger than {LARGEST_FILE >> 20} MiB: its outputs must be cleared"
            time = datetime.fromtimestamp(about.st_mtime, UTC)
            items.append(
                Item((shown,), about.st_size, time, lambda file=file: read_bytes(file), problem)  # type: ignore[misc]
            )
            if len(items) > MOST_ENTRIES:
                raise CourseError(f"{path.name} holds more than {MOST_ENTRIES:,} files")
    return sorted(items, key=lambda item: item.name)


# ---- whose it is ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A file of which the name says whose it is."""

    item: Item
    number: str  # Moodle's participant, Canvas's user; "" in a plain folder
    people: tuple[str, ...]  # how the person's name may be read
    file: str  # the file's own name, as the student gave it
    late: bool = False
    order: int = 0  # Canvas counts its files: a later one has a higher number

    @property
    def person(self) -> str:
        """One name for all pieces of the same person."""
        return f"{self.people[0]} ({self.number})" if self.number else self.people[0]

    @property
    def attempt(self) -> int:
        found = ATTEMPT.search(Path(self.file).stem)
        return int(found[1] or found[2]) if found else 0

    @property
    def stem(self) -> str:
        return ATTEMPT.sub("", Path(self.file).stem).strip().casefold()


def _moodle(item: Item) -> Piece | None:
    people, number, file = [], "", ""
    for name in item.names:
        parts = name.split("/")
        for place, part in enumerate(parts):
            found = MOODLE_FOLDER.fullmatch(part) or MOODLE_FILE.fullmatch(part)
            if found:
                people.append(found["name"])
                number = found["number"]
                file = file or found["file"] or "/".join(parts[place + 1 :])
                break
    return Piece(item, number, tuple(people), file or item.name) if people else None


def _canvas(item: Item) -> Piece | None:
    found = [CANVAS.fullmatch(name.rsplit("/", 1)[-1]) for name in item.names]
    first = found[0]
    if first is None:
        return None
    people = tuple(one["name"] or "" for one in found if one)
    return Piece(
        item, first["number"], people, first["file"], bool(first["late"]), int(first["order"])
    )


def _plain(item: Item) -> Piece | None:
    """`<student>/.../name.ipynb`, or `<student>.ipynb`."""
    parts = item.name.split("/")
    person = parts[-2] if len(parts) > 1 else Path(parts[0]).stem
    people = (person, *parts[:-2])
    return Piece(item, "", people, parts[-1])


def read_pieces(items: Sequence[Item]) -> tuple[str, list[Piece], list[Item]]:
    """("Moodle", "Canvas" or "plain", the files that say whose they are, the others)."""
    kept = [item for item in items if not JUNK & set(item.name.split("/"))]
    best, found = "plain", [_plain(item) for item in kept]
    most = 0
    for system, read in (("Moodle", _moodle), ("Canvas", _canvas)):
        pieces = [read(item) for item in kept]
        many = sum(piece is not None for piece in pieces)
        if many > most:  # one odd name must not decide for the class
            best, found, most = system, pieces, many
    others = [item for item, piece in zip(kept, found, strict=True) if piece is None]
    return best, [piece for piece in found if piece], others


def _who(piece: Piece, system: str, roster: Mapping[str, Member]) -> set[str]:
    """The students that a piece may be of."""
    if system == "plain":
        ids = {fold(member.id): member.id for member in roster.values()}
        mails = {fold(member.email): member.id for member in roster.values() if member.email}
        for person in piece.people:
            if person in roster:
                return {person}
            if fold(person) in ids | mails:
                return {(ids | mails)[fold(person)]}
    if system == "Canvas":
        by_number = {m.id for m in roster.values() if m.canvas_id and m.canvas_id == piece.number}
        if by_number:
            return by_number
    wanted = {fold(person) for person in piece.people} - {""}
    found = {m.id for m in roster.values() if wanted & m.names()}
    if system == "Canvas":  # one who has another number there is someone else
        found = {who for who in found if roster[who].canvas_id in ("", piece.number)}
    if len(found) > 1:  # accents may tell two people apart
        exact = {m.id for m in roster.values() if set(piece.people) & _written(m)}
        found = exact if len(exact) == 1 else found
    return found


def _written(member: Member) -> set[str]:
    first, last = member.first_name, member.last_name
    return {f"{first} {last}", f"{last} {first}"}


# ---- the plan -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What collecting does for one student."""

    student: str
    piece: Piece
    received: datetime
    time_from: str  # "times file", "archive", "taken as in time", "marked LATE"
    does: str  # "new", "replaces an older file", "unchanged", "time corrected", "kept: ..."
    passed_over: tuple[Piece, ...] = ()  # attempts that do not count
    refused: tuple[Piece, ...] = ()  # this student's files that are not opened

    @property
    def writes(self) -> bool:
        return self.does in WRITES


WRITES = {"new", "replaces an older file", "time corrected"}


@dataclass(frozen=True)
class Plan:
    """What collecting does, before it does it."""

    system: str
    steps: tuple[Step, ...]
    unmatched: tuple[tuple[str, str], ...]  # (file, why nobody gets it)
    without: tuple[tuple[str, str], ...]  # (student, what there is instead of a notebook)
    notes: tuple[str, ...]


def _matched(
    pieces: Sequence[Piece], system: str, roster: Mapping[str, Member], said: Mapping[str, str]
) -> tuple[dict[str, list[Piece]], list[tuple[str, str]]]:
    """Pieces by student, and (file, why) for those that are nobody's."""
    by_person: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_person[piece.number or piece.person].append(piece)
    claims: dict[str, list[str]] = defaultdict(list)
    unmatched: list[tuple[str, str]] = []
    stated = {}
    for person, group in by_person.items():
        names = {group[0].person, group[0].number, *group[0].people}
        named = {said[name] for name in names if name in said}
        found = named or _who(group[0], system, roster)
        if named:
            stated[person] = True
        if len(found) == 1:
            claims[found.pop()].append(person)
            continue
        label = group[0].person
        reason = (
            f"{label} may be {' or '.join(sorted(found))}: say which with --who"
            if found
            else f"nobody in the roster is {label}"
        )
        unmatched += [(piece.item.name, reason) for piece in group]
    result: dict[str, list[Piece]] = {}
    for student, people in claims.items():
        if len(people) > 1 and not all(person in stated for person in people) and system != "plain":
            reason = f"several people in the archive may be {student}: say which with --who"
            unmatched += [(p.item.name, reason) for person in people for p in by_person[person]]
        else:
            result[student] = [piece for person in people for piece in by_person[person]]
    return result, unmatched


def _newest(notebooks: Sequence[Piece], system: str, chapter: str) -> list[Piece]:
    """The notebooks from the one that counts to the oldest; those named as the chapter first."""
    named = [piece for piece in notebooks if piece.stem == chapter.casefold()]
    others = [piece for piece in notebooks if piece not in named]

    def age(piece: Piece) -> tuple[float, int, int]:
        time = piece.item.time.timestamp() if piece.item.time else 0.0
        if system == "Canvas":  # its times are all those of the download
            return (0.0, piece.order, piece.attempt)
        return (time, piece.attempt, piece.order)

    return [*sorted(named, key=age, reverse=True), *sorted(others, key=age, reverse=True)]


def _times_tell(system: str, pieces: Sequence[Piece]) -> bool:
    """Whether the archive's times are those of the uploads."""
    if system == "Canvas":
        return False
    times = [piece.item.time for piece in pieces if piece.item.time]
    return bool(times) and (len(times) == 1 or max(times) - min(times) > TOGETHER)


def make_plan(
    items: Sequence[Item],
    chapter: str,
    course: Path,
    roster: Mapping[str, Member],
    policy: Policy,
    *,
    said: Mapping[str, str] | None = None,
    times: Mapping[str, datetime] | None = None,
    force: bool = False,
) -> Plan:
    """What collecting these files would do. Reads the notebooks and writes nothing.

    Args:
        said: student by name or number in the archive, where the instructor says so.
        times: when students handed in, where a file says so.
        force: replace what is there even where it is newer.
    """
    system, pieces, others = read_pieces(items)
    of_student, unmatched = _matched(pieces, system, roster, said or {})
    unmatched += [(item.name, item.problem or "its name says no student") for item in others]
    notes = []
    telling = _times_tell(system, [p for p in pieces if p.item.notebook])
    if not telling and not times and any(policy.due(chapter, who) for who in of_student):
        notes.append(
            "The archive's times are those of its making, so nobody is late by them"
            + (", and who is marked LATE is by a second." if system == "Canvas" else ".")
            + " Give the real ones with --times."
        )
    steps, instead, total = [], {}, 0
    for student in sorted(of_student):
        group = of_student[student]
        refused = tuple(piece for piece in group if piece.item.problem)
        notebooks = [piece for piece in group if piece.item.notebook and not piece.item.problem]
        ordered = _newest(notebooks, system, chapter)
        chosen = None
        while ordered and chosen is None:
            piece = ordered.pop(0)
            try:
                content = piece.item.read()
            except Unreadable as problem:
                refused += (_refused(piece, str(problem)),)
                continue
            chosen = piece
        if chosen is None:
            instead[student] = _instead(group, refused)
            continue
        total += len(content)
        if total > MOST_BYTES:
            raise CourseError(f"the notebooks unpack to more than {MOST_BYTES >> 30} GiB")
        received, source = _received(chosen, student, chapter, policy, times or {}, telling)
        does = _does(course, student, chapter, content, received, source, force)
        steps.append(Step(student, chosen, received, source, does, tuple(ordered), refused))
    for who in roster:
        if who not in of_student:
            instead[who] = "nothing"
    return Plan(
        system, tuple(steps), tuple(unmatched), tuple(sorted(instead.items())), tuple(notes)
    )


def _refused(piece: Piece, reason: str) -> Piece:
    item = piece.item
    changed = Item(item.names, item.size, item.time, item.read, reason)
    return Piece(changed, piece.number, piece.people, piece.file, piece.late, piece.order)


def _instead(group: Sequence[Piece], refused: Sequence[Piece]) -> str:
    if refused:
        return f"{refused[0].file}: {refused[0].item.problem}"
    files = sorted({piece.file for piece in group})
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return f"no notebook, but {', '.join(files[:3])}{more}"


def _received(
    piece: Piece,
    student: str,
    chapter: str,
    policy: Policy,
    times: Mapping[str, datetime],
    telling: bool,
) -> tuple[datetime, str]:
    """(when the notebook was handed in, how that is known)."""
    if student in times:
        return times[student], "times file"
    made = piece.item.time or datetime.now(UTC)
    if telling:
        return made, "archive"
    due = policy.due(chapter, student)
    if due is None:
        return made, "archive"
    if piece.late and policy.extension(chapter, student) is None:
        return due + timedelta(seconds=1), "marked LATE"
    return min(made, due), "taken as in time"


def _does(
    course: Path,
    student: str,
    chapter: str,
    content: bytes,
    received: datetime,
    source: str,
    force: bool,
) -> str:
    folder = submitted_folder(course, student, chapter)
    path = folder / f"{chapter}.ipynb"
    if folder.is_symlink() or folder.parent.is_symlink():
        return "kept: the student's folder is a link"
    if path.is_dir() and not path.is_symlink():
        return "kept: a folder has the notebook's name"
    if not os.path.lexists(path):
        return "new"
    try:
        before = read_timestamp(folder)
    except BadTimestamp:
        before = None
    try:
        same = read_bytes(path) == content
    except Unreadable:
        same = False
    if same:
        moved = before is None or (source == "times file" and before != received)
        return "time corrected" if moved or received < before else "unchanged"  # type: ignore[operator]
    if before and before > received and source in ("archive", "times file") and not force:
        return "kept: what is there is newer"
    return "replaces an older file"


def carry_out(plan: Plan, chapter: str, course: Path) -> int:
    """Write what the plan says; how many students got a file.

    The time is written before its notebook: a run that is killed in between leaves the older
    notebook, whole, and the next run replaces it. The other way round the next run would find the
    right notebook, and could not know that its time is still the older one's.
    """
    written = 0
    for step in plan.steps:
        if not step.writes:
            continue
        folder = submitted_folder(course, step.student, chapter)
        content = step.piece.item.read()
        write_whole(folder / NAME, as_text(step.received).encode())
        if step.does != "time corrected":
            write_whole(folder / f"{chapter}.ipynb", content)
        written += 1
    return written


# ---- times from elsewhere -------------------------------------------------------------------


def read_times(path: Path, roster: Mapping[str, Member], policy: Policy) -> dict[str, datetime]:
    """When students handed in, from Moodle's grading worksheet or a table `id,submitted`.

    Raises:
        CourseError: the columns are not known, or a time cannot be read.
    """
    import pandas as pd

    columns, rows, _ = read_table(path)
    named = {column.casefold(): column for column in columns}
    time_column = next(
        (c for key, c in named.items() if key.startswith(("last modified (sub", "submitted"))), None
    )
    mails = {m.email.casefold(): m.id for m in roster.values() if m.email}
    numbers = {m.id_number: m.id for m in roster.values() if m.id_number}
    if time_column is None or not {"id", "email address", "id number"} & set(named):
        raise CourseError(
            f"{path.name} must be Moodle's grading worksheet, with its column Last modified "
            "(submission), or a table with the columns id and submitted"
        )
    found = {}
    for line, row in rows:
        text = row.get(time_column, "")
        mail = row.get(named.get("email address", ""), "").casefold()
        number = row.get(named.get("id number", ""), "")
        own = row.get(named.get("id", ""), "")
        student = own if own in roster else mails.get(mail) or numbers.get(number)
        if not text or text == "-" or student is None:
            continue
        time: pd.Timestamp | None = None
        if not re.match(r"\d{1,2}[./-]\d{1,2}[./-]", text):  # which is the day, which the month?
            with suppress(ValueError, TypeError, OverflowError):
                time = pd.Timestamp(text)
        if time is None or pd.isna(time):
            raise CourseError(
                f"{path.name} line {line}: {text!r} is not a time: write 2030-11-04T23:59"
            )
        found[student] = policy.in_zone(time.to_pydatetime()).astimezone(UTC)
    return found
