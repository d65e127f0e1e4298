"""The command `course`."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from autograder.course import ROOT, CourseError, chapters, is_students_edition
from autograder.progress_bar import progress_bar

console = Console()


AUDIENCES = {
    "Learning": (
        "start", "lab", "list", "next", "check", "watch", "hint", "solution", "placement",
        "reset", "doctor", "data", "completion",
    ),
    "Teaching": ("release", "demo", "class", "collect", "grade", "report", "marks"),
    "Writing exercises": ("author", "exercises"),
}  # fmt: skip


class Commands(click.Group):
    """Turns the course's own errors into one line and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CourseError as problem:
            raise _OneLine(str(problem)) from problem
        except Exception as problem:
            if type(problem).__name__ in {"ShopError", "WallError", "MachineError", "JavaError"}:
                raise _OneLine(str(problem)) from problem
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by who uses them."""
        listed = self.list_commands(ctx)
        others = [name for name in listed if not any(name in of for of in AUDIENCES.values())]
        for heading, names in {**AUDIENCES, "Building": others}.items():
            there = [(name, self.get_command(ctx, name)) for name in names if name in listed]
            if not there:  # the students' edition has nothing for teachers
                continue
            with formatter.section(heading):
                formatter.write_dl(
                    [(name, one.get_short_help_str(limit=200)) for name, one in there if one]
                )


class _OneLine(click.ClickException):
    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"course: {' '.join(self.message.split())}", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def course() -> None:
    """Beyond Pandas: the course's own commands.

    \b
    Try    course start                 open your notebook at the next exercise
           course check 2.3             check an answer of yours, by number or by name
           course demo                  a small class, graded from end to end
           course doctor                is this machine ready?
           course collect memory_wall submissions.zip
                                        take the archive that Moodle or Canvas gives
           course grade memory_wall     grade the notebooks in classroom/submitted/
    """


@course.command()
@click.argument("names", nargs=-1, metavar="[CHAPTER]...")
@click.option("--check", is_flag=True, help="Change nothing; fail when a notebook is out of date.")
def exercises(names: tuple[str, ...], check: bool) -> None:
    """Generate the students' notebooks in exercises/ from solutions/."""
    from autograder.assignments import generate, has_solutions, is_current

    stale = []
    wanted = list(names) or [name for name in chapters() if has_solutions(name)]
    for name in wanted:
        if check:
            if not is_current(name):
                stale.append(name)
            continue
        if is_current(name) and (ROOT / "classroom" / "gradebook.db").exists():
            console.print(f"exercises/{name} is up to date")
            continue
        path = generate(name)
        console.print(f"wrote {path.relative_to(ROOT)}")
    if stale:
        raise CourseError(f"not what solutions/ generates: {', '.join(stale)}; run make exercises")


def _find_wall(trust: bool) -> Any:
    from autograder.wall import find_wall

    wall = find_wall(trusting=trust)
    console.print(f"Wall: {wall.name}", highlight=False)
    return wall


def _grade(
    chapter: str, wall: Any, students: Collection[str] | None, force: bool, folder: Path = ROOT
) -> list[Any]:
    """Run and judge the notebooks, then let nbgrader write marks and feedback."""
    from autograder.classroom.writing import check_class, write_marks
    from autograder.grading import grade_class, warm_up

    chosen = check_class(chapter, folder, students)
    graded = []
    with progress_bar() as bar:
        task = bar.add_task("data and reference results", total=1)
        warm_up(chapter)
        bar.update(task, completed=1)
        task = bar.add_task("running and judging notebooks", total=len(chosen))
        for one in grade_class(chapter, wall, course=folder, students=chosen):
            graded.append(one)
            bar.advance(task)
        bar.add_task("writing marks and feedback with nbgrader", total=None)
        write_marks(chapter, folder, chosen, force)
    return sorted(graded, key=lambda one: one.student)


def _marks(chapter: str, graded: list[Any], names: Mapping[str, str]) -> Table:
    from autograder.course import exercises as of
    from autograder.grading import worth

    table = Table(title=f"Marks in {chapter}", title_justify="left")
    table.add_column("student")
    more = ["name"] if any(names.values()) else []
    for head in more:
        table.add_column(head)
    for number, _ in enumerate(of(chapter), start=1):
        table.add_column(str(number), justify="right")
    table.add_column("points", justify="right")
    total = sum(worth(one) for one in of(chapter))
    for one in graded:
        verdict = one.verdict
        aside = verdict.state == "ungradable"  # which is no mark yet, and no zero
        cells = []
        for exercise in of(chapter):
            points = verdict.points_of(exercise.name)
            cells.append("–" if aside else "?" if points is None else f"{points:g}")
        who = [one.student, *(escape(names.get(one.student, "")) for _ in more)]
        together = "set aside" if aside else f"{verdict.points:g} / {total:g}"
        table.add_row(*who, *cells, together)
    return table


def _tell(
    chapter: str,
    graded: list[Any],
    stories: dict[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """The table of marks, and below it what has to be said of single notebooks."""
    console.print(_marks(chapter, graded, names or {}))
    told = Table.grid(padding=(0, 2))
    for one in graded:
        verdict = one.verdict
        notes = verdict.notes if verdict.state == "graded" else [verdict.reason]
        lines = [*filter(None, [(stories or {}).get(one.student)]), *notes]
        for number, line in enumerate(lines):
            told.add_row("" if number else f"  {one.student}", Text(line))
    console.print(told)
    console.print()


@course.command()
@click.argument("chapter")
@click.option("--student", multiple=True, help="Grade this student only; may be repeated.")
@click.option("--force", is_flag=True, help="Write all marks anew, changed or not.")
@click.option("--dry-run", is_flag=True, help="Show what would be graded, and write nothing.")
@click.option(
    "--trust-submissions",
    is_flag=True,
    help="Run without a wall: only for notebooks that you wrote yourself or have read.",
)
def grade(
    chapter: str, student: tuple[str, ...], force: bool, dry_run: bool, trust_submissions: bool
) -> None:
    """Grade the notebooks in classroom/submitted/<student>/CHAPTER/.

    A notebook whose verdict stands is not run again. A point that you gave by hand stays.
    """
    from autograder.classroom.cli import late_lines, show_standings
    from autograder.classroom.roster import name_of, read_roster
    from autograder.course import exercises as of

    of(chapter)
    if dry_run:
        show_standings(chapter, student or None)
        return
    wall = _find_wall(trust_submissions)
    if trust_submissions:
        os.environ["BEYOND_PANDAS_TRUST"] = "1"
    graded = _grade(chapter, wall, student or None, force)
    members = read_roster(ROOT)
    names = {one.student: name_of(one.student, members) for one in graded}
    _tell(chapter, graded, late_lines(chapter, list(names)), names)
    _where(chapter)


def _where(chapter: str, folder: Path = ROOT) -> None:
    classroom = (folder / "classroom").relative_to(ROOT)
    page = f"{classroom}/feedback/<student>/{chapter}/{chapter}.html"
    console.print(f"Feedback pages:  {page}", soft_wrap=True)
    console.print(f"Gradebook:       {classroom}/gradebook.db")


@course.command()
@click.option("--chapter", default="memory_wall", show_default=True)
def demo(chapter: str) -> None:
    """Grade a small made-up class from end to end, and show what came of it.

    Everything happens in build/demo/; your own classroom/ is not touched.
    """
    from autograder.assignments import generate, is_current
    from autograder.sample_class import hand_in
    from autograder.wall import WallError, find_wall

    try:
        wall = find_wall()
        console.print(f"Wall: {wall.name}", highlight=False)
    except WallError as problem:
        why = str(problem).split(". ")[0].split(": ")[0]
        console.print(
            f"No wall: {why}. The demo's own class is graded without one (--trust-submissions).",
            highlight=False,
            soft_wrap=True,
        )
        os.environ["BEYOND_PANDAS_TRUST"] = "1"
        wall = find_wall(trusting=True)
    folder = ROOT / "build" / "demo"
    with console.status("generating the students' notebook from solutions/"):
        if not is_current(chapter):
            generate(chapter)
        _fresh_course(folder, chapter)
    students = hand_in(chapter, folder)
    graded = _grade(chapter, wall, None, True, folder)
    _tell(chapter, graded, {student.name: student.story for student in students})
    _where(chapter, folder)
    page = folder.relative_to(ROOT) / "classroom/feedback/dov" / chapter / f"{chapter}.html"
    console.print(
        f"\nNext:  open {page}\n"
        "                       a report in which a misconception is named\n"
        "       make lab        work through the exercises yourself, in JupyterLab\n"
        "       make book       read the chapter\n"
        "       make test       everything that guards the course",
        highlight=False,
    )


def _fresh_course(folder: Path, chapter: str) -> None:
    """The demo's course folder, made anew when the released notebook has changed."""
    import shutil

    from autograder.assignments import generate

    ours = ROOT / "exercises" / chapter / f"{chapter}.ipynb"
    theirs = folder / "exercises" / chapter / f"{chapter}.ipynb"
    if theirs.exists() and theirs.read_bytes() == ours.read_bytes():
        return
    verdicts = folder / "classroom" / "verdicts"
    kept = folder.parent / ".verdicts"
    if verdicts.exists():  # found again by their content: what still stands is not run again
        shutil.rmtree(kept, ignore_errors=True)
        verdicts.rename(kept)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(ROOT / "nbgrader_config.py", folder / "nbgrader_config.py")
    generate(chapter, folder)
    if kept.exists():
        kept.rename(verdicts)


@course.command()
@click.option("--epub", is_flag=True, help="Build one file for a reader of e-books instead.")
@click.option("--links", is_flag=True, help="Ask each address outside the book; needs a network.")
def book(epub: bool, links: bool) -> None:
    """Build the book in book/_build/html, every cell executed, warnings as errors.

    A page is executed again when its code has changed, or anything that its outputs rest on.
    """
    from autograder.publishing.book import build

    if epub and links:
        raise CourseError("say --epub or --links, not both")
    built = build("epub" if epub else "linkcheck" if links else "html", say=_say_page)
    if links:
        console.print("Every address answers.")
        return
    many = len(built.executed)
    pages = f"{many} page{'s' if many != 1 else ''} executed" if many else "no page had to be run"
    console.print(
        f"The book is at {built.path.relative_to(ROOT)} ({pages}, {built.seconds:.0f} s)",
        highlight=False,
        soft_wrap=True,
    )


def _say_page(what: str, page: str, seconds: float, peak_mb: float) -> None:
    """A line for each page that is executed; a terminal also shows what is being read."""
    if what == "executing":
        console.print(f"{page}: executing", highlight=False)
    elif what == "executed":
        console.print(f"{page}: {seconds:.0f} s, up to {peak_mb:.0f} MiB", highlight=False)


def _add_others() -> None:
    from shop.cli import commands as data

    from autograder.learning.cli import COMMANDS as LEARNING
    from autograder.machine.doctor import doctor

    course.add_command(data, "data")
    for command in (*LEARNING, doctor):
        course.add_command(command)
    if is_students_edition():  # the students' edition: what is behind the others is not there
        for name in (*AUDIENCES["Teaching"], *AUDIENCES["Writing exercises"], "book"):
            course.commands.pop(name, None)
        return
    from autograder.authoring.cli import author
    from autograder.classroom.cli import COMMANDS
    from autograder.publishing.cli import release

    for command in (author, *COMMANDS, release):
        course.add_command(command)


_add_others()

if __name__ == "__main__":
    course()
