"""The commands of someone who learns alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.checking import Exercise
from autograder.course import CourseError, chapters, exercises, find_exercise, numbers
from autograder.learning import progress, workplace
from autograder.learning.progress import Done

console = Console()
if not console.is_terminal:  # a pipe has no width: one line a row
    console = Console(width=120)
SIGNS = {
    "passed": "✓ passed",
    "tried": "✗ not yet",
    "changed": "↻ changed since",
    "known": "» known",
    "new": "○ new",
}
PLACED = 0.8  # the part of a quiz that has to be right


class ExerciseName(click.ParamType[Exercise]):
    """An exercise by number (4.3), by name (shrink) or by both (memory_wall.shrink)."""

    name = "exercise"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Exercise:
        return value if isinstance(value, Exercise) else find_exercise(str(value))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        found = numbers()
        names = [*found, *found.values(), *(id.partition(".")[2] for id in found)]
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class ChapterName(click.ParamType[str]):
    name = "chapter"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        exercises(str(value))  # says which there are
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(name) for name in chapters() if name.startswith(incomplete)]


@contextmanager
def _busy(what: str) -> Iterator[Any]:
    """Something moving on stderr while it takes long; yields a function that says what is done."""
    with Console(stderr=True).status(what) as status:
        yield lambda text: status.update(f"{what}: {text}" if text else what)


def _dump(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _facts(one: Exercise, done: Done) -> dict[str, Any]:
    return {
        "id": one.id,
        "chapter": one.chapter,
        "number": numbers()[one.id],
        "title": one.title,
        "state": done.state(progress.version_of(one)),
        "points": done.points,
        "max_points": _worth(one),
        "minutes": one.minutes,
        "stretch": one.stretch,
        "tries": done.tries,
        "hints": done.hints,
    }


def _worth(one: Exercise) -> float:
    from autograder.verdict import max_points

    return sum(max_points(one).values())


@click.command("list")
@click.argument("chapter", required=False, type=ChapterName())
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(chapter: str | None, as_json: bool) -> None:
    """Show all exercises: which are done, which are next, how long they take."""
    known = progress.read_progress()
    names = [chapter] if chapter else chapters()
    facts = [_facts(one, known.get(one.id, Done())) for name in names for one in exercises(name)]
    if as_json:
        _dump(facts)
        return
    upcoming = progress.next_exercise(chapter)
    for name in names:
        table = Table(title=name.replace("_", " "), title_justify="left", box=None)
        console.print(_filled(table, [one for one in facts if one["chapter"] == name], upcoming))
    done = sum(one["state"] == "passed" for one in facts)
    left = sum(one["minutes"] for one in facts if one["state"] not in {"passed", "known"})
    rest = f"; the others take about {left} minutes" if left else ""
    console.print(f"{done} of {len(facts)} passed{rest}.")


WIDE, MIDDLING = 90, 56  # columns of a terminal for all of the table, and for most of it


def _filled(table: Table, facts: list[dict[str, Any]], upcoming: Exercise | None) -> Table:
    """A row for each exercise; a narrow terminal gets fewer columns rather than cut ones."""
    wide, middling = console.width >= WIDE, console.width >= MIDDLING
    table.add_column("", no_wrap=True)
    if wide:
        table.add_column("exercise")
    table.add_column("name", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for heading in ("points", "minutes") if middling else ():
        table.add_column(heading, justify="right", no_wrap=True)
    for one in facts:
        sign, _, word = SIGNS[one["state"]].partition(" ")
        state = f"{sign} {word}" if middling else sign
        if upcoming and one["id"] == upcoming.id:
            state += " <- next"
        cells = [one["number"], one["id"].partition(".")[2], state]
        if wide:
            cells.insert(1, Text(one["title"] + (" (stretch)" if one["stretch"] else "")))
        if middling:
            cells += [f"{one['points']:g}/{one['max_points']:g}", str(one["minutes"])]
        table.add_row(*cells)
    return table


@click.command("next")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def next_(as_json: bool) -> None:
    """Name the next exercise."""
    one = progress.next_exercise()
    if as_json:
        done = progress.read_progress().get(one.id, Done()) if one else Done()
        _dump(_facts(one, done) if one else None)
        return
    if one is None:
        console.print("Everything is passed. Well done.")
        return
    stretch = ", stretch" if one.stretch else ""
    console.print(f"{numbers()[one.id]}  {one.title}  ({one.minutes} minutes{stretch})")
    console.print(f"     write {one.name} in {workplace.own_notebook(one.chapter)}", soft_wrap=True)
    console.print(f"     then: course check {numbers()[one.id]}")


@click.command()
@click.argument("chapter", type=ChapterName())
def placement(chapter: str) -> None:
    """Answer CHAPTER's quiz, and skip its first exercises if you know your way.

    With four right answers of five, the worked example and the one with gaps count as known, and
    `course next` goes on after them. They stay there to be done.
    """
    from autograder.learning.quiz import questions

    asked = questions(chapter)
    if not asked:
        raise CourseError(f"the book has no quiz for {chapter}")
    right = 0
    for number, question in enumerate(asked, 1):
        click.echo(f"\n{number} of {len(asked)}. {question.text}")
        for place, option in enumerate(question.options, 1):
            click.echo(f"   {place}) {option.text}")
        chosen = click.prompt("Your choice", type=click.IntRange(1, len(question.options)))
        option = question.options[chosen - 1]
        right += option.right
        click.echo(f"   {'✓' if option.right else '✗'} {option.said}")
    click.echo(f"\n{right} of {len(asked)} right.")
    if right < PLACED * len(asked):
        click.echo(f"Read the chapter, and begin with {numbers()[exercises(chapter)[0].id]}.")
        return
    for one in exercises(chapter)[:2]:
        progress.record_placed(one)
    upcoming = progress.next_exercise(chapter)
    if upcoming:
        click.echo(f"You know your way. Begin with {numbers()[upcoming.id]}  {upcoming.title}.")


@click.command()
@click.argument("exercise", type=ExerciseName())
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def check(exercise: Exercise, as_json: bool) -> None:
    """Check your answer to EXERCISE, as it is saved in your notebook.

    EXERCISE is a number as in `course list`, or a name: 2.3, load_needed, memory_wall.load_needed.
    Answers in a Python file are checked by `course watch --once FILE`.

    The exit status is 0 when it passed, 1 when it has not yet, 2 when it could not be checked.
    """
    from autograder import report
    from autograder.selfcheck import check_notebook, keep
    from autograder.supervise import runnable_cells

    own = workplace.read_own(exercise.chapter)
    cells = runnable_cells(own.notebook)
    source = next((cell.source for cell in cells if cell.name == exercise.name), "")
    with _busy(f"checking {exercise.name}") as say:
        verdict = check_notebook(exercise, cells, source, say)
    keep(verdict, exercise)
    if as_json:
        _dump(verdict.as_json())
    else:
        for note in own.notes:
            click.echo(note)
        click.echo(report.as_text(verdict))
    if verdict.state == "error":
        raise CourseError(f"a check of {exercise.id} broke; nothing was counted")
    raise SystemExit(0 if verdict.state == "passed" else 1)


@click.command()
@click.argument("what", metavar="CHAPTER|FILE", required=False)
@click.option("--chapter", type=ChapterName(), help="Whose exercises a Python file answers.")
@click.option("--once", is_flag=True, help="Stop after the first check.")
def watch(what: str | None, chapter: str | None, once: bool) -> None:
    """Check your answers each time you save: your notebook, or a Python file with the functions.

    Without an argument it watches the notebook of the next exercise. What has changed is checked;
    at first that is the next answer which has not passed. Ctrl-C ends it.
    """
    from autograder import report
    from autograder.learning.watch import Watcher, saves

    path, of = _watched(what, chapter)
    watcher = Watcher(path, of, lambda text: None)
    click.echo(f"Watching {path}. Save it to have it checked; Ctrl-C ends this.")
    try:
        watcher.stand_by()
        changes = saves(path)
        while True:
            try:
                with _busy("checking"):
                    verdicts = watcher.look()
                for verdict in verdicts:
                    click.echo(f"\n{report.as_text(verdict)}")
            except CourseError as problem:  # the next save may mend it
                click.echo(f"course: {problem}", err=True)
                verdicts = []
            if once and verdicts:
                return
            next(changes)
    except KeyboardInterrupt:
        click.echo("\nStopped. Your progress is kept.")
    finally:
        watcher.close()


def _watched(what: str | None, chapter: str | None) -> tuple[Path, str]:
    """The file to watch and the chapter of its exercises."""
    if what is None:
        one = progress.next_exercise(chapter)
        of = chapter or (one.chapter if one else chapters()[0])
        return _existing(workplace.own_notebook(of)), of
    if what in chapters():
        return _existing(workplace.own_notebook(what)), what
    path = Path(what)
    if path.suffix not in {".py", ".ipynb"}:
        raise CourseError(f"{what} is neither a chapter nor a notebook nor a Python file")
    if not path.exists():
        raise CourseError(f"there is no {path}")
    if chapter:
        return path, chapter
    if path.stem in chapters():
        return path, path.stem
    if len(chapters()) == 1:
        return path, chapters()[0]
    raise CourseError("say whose exercises the file answers: --chapter memory_wall")


def _existing(path: Path) -> Path:
    if not path.exists():
        raise CourseError(f"there is no {path.name} in {path.parent}: run `course start`")
    return path


@click.command()
@click.argument("exercise", type=ExerciseName())
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def hint(exercise: Exercise, as_json: bool) -> None:
    """Show the next hint to EXERCISE, from a nudge to nearly the answer."""
    number = progress.record_hint(exercise)
    many, text = len(exercise.hints), exercise.hints[number - 1]
    if as_json:
        _dump({"id": exercise.id, "number": number, "of": many, "hint": text})
        return
    more = "Ask again for the next one." if number < many else "This was the last one."
    click.echo(f"Hint {number} of {many}: {text}\n{more}")


@click.command()
@click.argument("exercise", type=ExerciseName())
def solution(exercise: Exercise) -> None:
    """Show the reference answer to EXERCISE, once yours has passed."""
    from autograder.assignments import NO_SOLUTIONS, has_solutions, reference_source

    if not has_solutions(exercise.chapter):
        raise CourseError(NO_SOLUTIONS)
    if not progress.is_passed(exercise):
        raise CourseError(
            f"the solution of {exercise.name} is shown after it has passed: try "
            f"`course hint {exercise.name}`"
        )
    click.echo(reference_source(exercise))


@click.command()
@click.argument("what", metavar="EXERCISE|CHAPTER")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(what: str, yes: bool) -> None:
    """Put what was handed out back in place of your answer, or of a whole notebook.

    A copy of your notebook is kept. What you have passed stays passed for a chapter; a single
    exercise begins anew.
    """
    one = None if what in chapters() else find_exercise(what)
    chapter = one.chapter if one else what
    if not yes:
        subject = f"your answer to {one.name}" if one else f"your whole notebook of {chapter}"
        if not click.confirm(f"Replace {subject} by what was handed out?", err=True):
            click.echo("Nothing was changed.")
            return
    kept = workplace.reset(chapter, one)
    if one:
        progress.forget(one)
    click.echo(f"Done. Your notebook as it was: {kept}")


@click.command()
@click.argument("exercise", required=False, type=ExerciseName())
@click.option("--no-browser", is_flag=True, help="Prepare everything, and open nothing.")
def start(exercise: Exercise | None, no_browser: bool) -> None:
    """Open your notebook at the next exercise, or at EXERCISE.

    It makes your notebooks in work/, and the data that checks need. Your answers are never
    overwritten: a newer version of a notebook is placed beside yours.
    """
    import shop

    from autograder.machine.java import find_java

    find_java()  # says what is missing before anything is opened
    for chapter in chapters():
        told = workplace.prepare_notebook(chapter)
        if told:
            click.echo(told)
    for size in ("tiny", "small"):
        shop.make(size)
    one = exercise or progress.next_exercise()
    if one is None:
        click.echo("Everything is passed. Well done.")
        one = exercises(chapters()[0])[0]
    else:
        click.echo(f"Next: {numbers()[one.id]}  {one.title}  (about {one.minutes} minutes)")
    if no_browser:
        click.echo(f"Your notebook: {workplace.own_notebook(one.chapter)}")
        return
    _open_lab(str(workplace.own_notebook(one.chapter)))


@click.command()
def lab() -> None:
    """Open your notebooks in JupyterLab."""
    for chapter in chapters():
        told = workplace.prepare_notebook(chapter)
        if told:
            click.echo(told)
    _open_lab()


def _open_lab(*notebook: str) -> None:
    from autograder.learning import warming
    from autograder.machine.spark import environment

    one = progress.next_exercise()
    if one:
        warming.begin(one.chapter)
    folder = str(workplace.work_folder())
    command = [sys.executable, "-m", "jupyter", "lab", "--notebook-dir", folder, *notebook]
    raise SystemExit(subprocess.call(command, env={**os.environ, **environment("laptop")}))


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes SHELL complete these commands and the exercises' names.

    For bash:  course completion bash >> ~/.bashrc
    """
    found = get_completion_class(shell)
    assert found is not None
    root = ctx.find_root()
    click.echo(found(root.command, {}, "course", "_COURSE_COMPLETE").source())


COMMANDS = (
    start, watch, check, hint, list_, next_, placement, solution, reset, lab, completion,
)  # fmt: skip
