"""The instructor's commands: class, collect, marks, report, and what `grade --dry-run` shows."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.course import ROOT, CourseError, chapters
from autograder.machine import cores

console = Console(highlight=False)
FILE = click.Path(path_type=Path)


def _warn(line: str) -> None:
    click.echo(f"course: {' '.join(line.split())}", err=True)


def _known(chapter: str) -> None:
    from autograder.course import exercises

    exercises(chapter)  # raises where there is none


class _WholeSentences(click.Group):
    """A group whose help does not cut what its commands do."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        there = [(name, one.get_short_help_str(200)) for name, one in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(there)


@click.group("class", cls=_WholeSentences)
def class_() -> None:
    """The class: its rules and its students."""


@class_.command()
def init() -> None:
    """Write classroom/class.toml: due times, late rules, points, extensions."""
    from autograder.classroom.policy import write_template

    write_template(ROOT)
    console.print("wrote classroom/class.toml: every line in it says what it does")


@class_.command()
@click.argument("file", type=FILE)
@click.option("--id", "id_from", default="", help="The column that names a student in the course.")
def roster(file: Path, id_from: str) -> None:
    """Read the class's students from Moodle's, Canvas's or a plain CSV FILE.

    Reading it again changes nothing. Nobody is removed.
    """
    from autograder.classroom.roster import read_listed, take_in
    from autograder.classroom.writing import open_gradebook

    listed = read_listed(file, id_from)
    if listed.encoding == "cp1252":
        _warn(f"{file.name} is not UTF-8; it was read as Windows-1252: look at the names")
    with open_gradebook(ROOT) as gradebook:
        change = take_in(listed, ROOT, gradebook)
    console.print(
        f"{listed.system} list of {len(listed.members)} students, named by {listed.id_from!r}: "
        f"{len(change.new)} new, {len(change.changed)} changed, {len(change.same)} as before",
        markup=False,
        soft_wrap=True,
    )
    for member in change.missing:
        console.print(
            f"not in {file.name}, and kept: {member.id} ({member.name})",
            markup=False,
            soft_wrap=True,
        )


@class_.command()
def check() -> None:
    """Read classroom/class.toml and say what it comes to."""
    from autograder.classroom.policy import policy_file
    from autograder.classroom.writing import class_policy

    if not policy_file(ROOT).exists():
        raise CourseError("there is no classroom/class.toml: run `course class init`")
    policy = class_policy(ROOT)
    table = Table(title="classroom/class.toml", title_justify="left")
    for head in ("chapter", "due", "late", "extensions"):
        table.add_column(head, overflow="fold")
    for chapter in chapters():
        rules = policy.of(chapter)
        late = rules.late
        cost = f"{late.percent:g} %" if late.percent else f"{late.points:g} points"
        more = [who for who, given in policy.extensions.items() if chapter in given]
        table.add_row(
            chapter,
            f"{rules.due:%Y-%m-%d %H:%M %z}" if rules.due else "no due time",
            f"{cost} a {late.per}" if late.percent or late.points else "costs nothing",
            escape(", ".join(more)),
        )
    console.print(table)


@click.command()
@click.argument("chapter")
@click.argument("source", type=FILE, metavar="ARCHIVE_OR_FOLDER")
@click.option("--dry-run", is_flag=True, help="Show what would be collected, and write nothing.")
@click.option(
    "--who",
    multiple=True,
    metavar="NAME=STUDENT",
    help="Whose a name or number in the archive is; may be repeated.",
)
@click.option("--times", type=FILE, help="When they handed in: Moodle's grading worksheet as CSV.")
@click.option("--force", is_flag=True, help="Replace notebooks that are newer than the archive's.")
def collect(
    chapter: str, source: Path, dry_run: bool, who: tuple[str, ...], times: Path | None, force: bool
) -> None:
    """Take the notebooks out of Moodle's or Canvas's archive.

    They go to classroom/submitted/<student>/CHAPTER/.
    """
    from autograder.classroom import collecting
    from autograder.classroom.roster import read_roster
    from autograder.classroom.writing import class_policy

    _known(chapter)
    members = read_roster(ROOT)
    if not members:
        raise CourseError("there is no roster: run `course class roster FILE.csv` first")
    said = {}
    for pair in who:
        name, _, student = pair.rpartition("=")
        if not name or student not in members:
            raise CourseError(f"--who {pair}: write NAME=STUDENT, with a student of the roster")
        said[name] = student
    policy = class_policy(ROOT)
    known_times = collecting.read_times(times, members, policy) if times else {}
    with collecting.open_items(source, policy) as items:
        plan = collecting.make_plan(
            items, chapter, ROOT, members, policy, said=said, times=known_times, force=force
        )
        _show_plan(plan, policy, members)
        if not plan.steps and not dry_run:
            raise CourseError(f"no notebook in {source.name} is of a student in the roster")
        if dry_run:
            console.print("Nothing was written.")
            return
        written = collecting.carry_out(plan, chapter, ROOT)
    console.print(f"{written} written, {len(plan.steps) - written} left as they were.")


def _show_plan(plan: Any, policy: Any, members: Any) -> None:
    from autograder.classroom.roster import named

    if plan.steps:
        table = Table(title=f"{plan.system} files", title_justify="left")
        for head in ("student", "in the archive", "file", "handed in", "by", "what is done"):
            table.add_column(head, overflow="fold")
        for step in plan.steps:
            time = step.received.astimezone(policy.zone)
            table.add_row(
                *map(
                    escape,
                    (
                        step.student,
                        _plain(step.piece.people[0]),
                        _plain(step.piece.file),
                        f"{time:%Y-%m-%d %H:%M %z}",
                        step.time_from,
                        step.does,
                    ),
                )
            )
        console.print(table)
    lines = []
    for step in plan.steps:
        lines += [
            f"passed over: {p.item.name} ({step.student}: a newer or better named one counts)"
            for p in step.passed_over
        ]
        lines += [
            f"not opened: {p.item.name} ({step.student}): {p.item.problem}" for p in step.refused
        ]
    lines += [f"nobody's: {name}: {why}" for name, why in plan.unmatched]
    for student, what in plan.without:
        said = "nothing was handed in" if what == "nothing" else what
        lines.append(f"no notebook of {named(student, members)}: {said}")
    for line in [*lines, *plan.notes]:
        console.print(_plain(line), markup=False, soft_wrap=True)


def _plain(line: str) -> str:
    """A line for a terminal, whatever a file's name holds."""
    return "".join(letter if letter.isprintable() else "?" for letter in line)


def show_standings(chapter: str, students: Collection[str] | None) -> None:
    """What `course grade` would do. Writes nothing."""
    from autograder.classroom.roster import name_of, read_roster
    from autograder.classroom.standing import seconds_for, standings
    from autograder.classroom.writing import class_policy
    from autograder.grading import submitted_notebooks

    for student in students or ():
        if student not in submitted_notebooks(chapter, ROOT):
            raise CourseError(f"no notebook of {student!r} in classroom/submitted/")
    found = standings(chapter, class_policy(ROOT), ROOT, students)
    table = Table(title=f"What grading {chapter} would do", title_justify="left")
    members = read_roster(ROOT)
    names = {one.student: name_of(one.student, members) for one in found}
    more = ["name"] if any(names.values()) else []
    for head in ("student", *more, "notebook", "mark", "late", "notes"):
        table.add_column(head, overflow="fold")
    for one in found:
        aside = one.submission.set_aside
        run = "set aside" if aside else "known, not run again" if one.known else "new, is run"
        mark = "as it is" if one.up_to_date else "is written"
        notes = "; ".join([aside] if aside else one.submission.notes)
        who = [one.student, *(escape(names[one.student]) for _ in more)]
        table.add_row(*who, run, mark, _duration(one.late), escape(_plain(notes)))
    console.print(table)
    waiting = sum(not one.known and not one.submission.set_aside for one in found)
    if waiting:
        seconds, runs = seconds_for(chapter, waiting, cores(), ROOT)
        earlier = f"{runs} earlier run{'s' if runs > 1 else ''}"
        rests = f"going by {earlier}" if runs else "a guess: none has been run yet"
        console.print(f"{waiting} to run, about {_duration(seconds)} ({rests}).")
        if not runs:
            console.print(
                "Once for all notebooks, what the reference and known mistakes return on the "
                "class's data is worked out: some minutes more."
            )
    console.print("Nothing was written.")


def late_lines(chapter: str, students: Collection[str]) -> dict[str, str]:
    """What being late cost, by student; from the gradebook."""
    from autograder.classroom.writing import open_gradebook

    lines = {}
    with open_gradebook(ROOT) as gradebook:
        for one in gradebook.assignment_submissions(chapter):
            if one.student.id in students and one.total_seconds_late > 0:
                cost = float(one.late_submission_penalty or 0)
                lines[one.student.id] = (
                    f"{_duration(one.total_seconds_late)} late, which costs {cost:g} points"
                )
    return lines


def _duration(seconds: float) -> str:
    if seconds <= 0:
        return ""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


@click.command()
@click.argument("chapter", required=False)
@click.option(
    "--for",
    "system",
    type=click.Choice(["moodle", "canvas", "plain"]),
    default="plain",
    show_default=True,
    help="Whose columns the table has.",
)
@click.option("--output", type=FILE, help="Write to this file and not to the terminal.")
@click.option("--missing-as-zero", is_flag=True, help="0, not empty, where nothing was handed in.")
def marks(chapter: str | None, system: str, output: Path | None, missing_as_zero: bool) -> None:
    """Marks as CSV, for import into Moodle or Canvas.

    Of CHAPTER, or of every chapter in the gradebook.
    """
    from autograder.classroom import marks as m
    from autograder.classroom.files import write_whole
    from autograder.classroom.late import bring_up_to_date
    from autograder.classroom.roster import Member, named, read_roster
    from autograder.classroom.writing import class_policy, open_gradebook

    if chapter:
        _known(chapter)
    members = read_roster(ROOT)
    if not members and system != "plain":
        raise CourseError(
            f"{system.capitalize()}'s columns need a roster: run `course class roster FILE.csv`"
        )
    policy = class_policy(ROOT)
    with open_gradebook(ROOT) as gradebook:
        graded = {one.name for one in gradebook.assignments}
        wanted = [chapter] if chapter else [name for name in chapters() if name in graded]
        if not wanted:
            raise CourseError("the gradebook holds no chapter yet: run `course grade CHAPTER`")
        rows = list(members.values())
        strangers = {one.id for one in gradebook.students} - set(members)
        if not members:
            rows = [Member(who) for who in sorted(strangers)]
        elif strangers:
            _warn(f"not in the roster, and left out: {', '.join(sorted(strangers))}")
        columns = []
        for name in wanted:
            bring_up_to_date(gradebook, policy, name)
            found, full = m.marks_of(name, ROOT, gradebook, policy, [one.id for one in rows])
            for mark in found:
                if mark.why:
                    _warn(f"no mark for {named(mark.student, members)} in {name}: {mark.why}")
            points = {
                mark.student: 0.0 if mark.missing and missing_as_zero else mark.points
                for mark in found
            }
            columns.append(m.Column(policy.of(name).column or name, points, full))
    for member in rows:
        problem = m.cannot_import(system, member)
        if problem:
            who = named(member.id, members)
            _warn(f"{system.capitalize()} will not know {who}: it {problem}")
    text = m.table(system, rows, columns)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(output, text.encode())
    except OSError as problem:
        raise CourseError(f"{output} cannot be written: {problem.strerror}") from problem
    console.print(f"wrote {output}", markup=False, soft_wrap=True)


@click.command()
@click.argument("chapter")
@click.option("--html", "page", type=FILE, help="Also write the report as a page.")
def report(chapter: str, page: Path | None) -> None:
    """What the class found hard in CHAPTER."""
    from autograder.classroom.class_report import as_page, as_tables, make_report
    from autograder.classroom.files import write_whole
    from autograder.classroom.roster import read_roster
    from autograder.classroom.standing import standings
    from autograder.classroom.writing import class_policy

    _known(chapter)
    found = standings(chapter, class_policy(ROOT), ROOT)
    made = make_report(chapter, found, read_roster(ROOT))
    console.print(as_tables(made))
    if page:
        try:
            write_whole(page, as_page(made).encode())
        except OSError as problem:
            raise CourseError(f"{page} cannot be written: {problem.strerror}") from problem
        console.print(f"wrote {page}", markup=False, soft_wrap=True)


COMMANDS: tuple[click.Command, ...] = (class_, collect, marks, report)
