"""`course author`: the commands for people who write exercises.

What takes long to import is imported by the command that needs it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.machine import cores

if TYPE_CHECKING:
    from autograder.authoring.coverage import Coverage
    from autograder.authoring.mutants import Fate
    from autograder.authoring.survivors import Summary
    from autograder.checking import Exercise

console = Console()
Found = TypeVar("Found")
AT_ONCE = 2  # exercises: each has a process that runs answers, and all are judged in this one


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def author() -> None:
    """Tools for people who write exercises.

    \b
    course author coverage memory_wall          what becomes of the answers on file
    course author mutants memory_wall.shrink    which slips the checks do not see

    Both end with status 1 where there is something to mend, and run only what has changed since
    the last time.
    """


def _exercises(name: str) -> list[Exercise]:
    """The exercises that CHAPTER or CHAPTER.EXERCISE names."""
    from autograder.course import exercises, find_exercise

    return [find_exercise(name)] if "." in name else list(exercises(name))


def _each(
    names: str, find: Callable[[Exercise, Callable[[str, int, int], None]], Found]
) -> list[Found]:
    """`find` for every exercise that is named, a few at a time, with a bar for each."""
    from autograder.progress_bar import progress_bar

    wanted = _exercises(names)
    with progress_bar() as bar, ThreadPoolExecutor(min(AT_ONCE, cores())) as pool:

        def one(exercise: Exercise) -> Found:
            task = bar.add_task(exercise.name, total=None)

            def told(text: str, done: int, whole: int) -> None:
                bar.update(
                    task, description=f"{exercise.name}: {text}", completed=done, total=whole
                )

            found = find(exercise, told)
            bar.remove_task(task)
            return found

        return list(pool.map(one, wanted))


@author.command()
@click.argument("name", metavar="CHAPTER[.EXERCISE]")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def coverage(name: str, as_json: bool) -> None:
    """Judge the answers on file: do they get what they should?

    Every right and wrong answer in autograder/checks/CHAPTER/answers/ is judged as in a
    self-check and as in grading. Shown are

    \b
    - right answers that lose points
    - wrong answers that no check catches, that fail other checks than their FAILS name, or whose
      writer would not be told their sentence
    - checks that no wrong answer fails: they may catch nothing, or a wrong answer is missing
    """
    from autograder.authoring.coverage import coverage as cover

    found = _each(name, lambda exercise, told: cover(exercise, told=told))
    if as_json:
        click.echo(json.dumps([_coverage_json(one) for one in found], indent=1))
    else:
        _show_coverage(found)
    if not all(one.sound for one in found):
        click.get_current_context().exit(1)


def _coverage_json(one: Coverage) -> dict[str, object]:
    return {
        "exercise": one.exercise.id,
        "sound": one.sound,
        "idle_checks": one.idle,
        "caught_by": one.caught_by,
        "answers": [asdict(answer) for answer in one.answers],
    }


def _show_coverage(found: Sequence[Coverage]) -> None:
    for one in found:
        right = [answer for answer in one.answers if answer.right]
        wrong = [answer for answer in one.answers if not answer.right]
        table = Table(
            title=f"{one.exercise.id}: {len(right)} right and {len(wrong)} wrong answers",
            title_justify="left",
        )
        table.add_column("check")
        table.add_column("is failed by")
        for test, names in one.caught_by.items():
            short = ", ".join(name.removeprefix("wrong_") for name in names)
            table.add_row(test, short or Text("no wrong answer", style="yellow"))
        console.print(table)
        for answer, problem in one.problems:
            console.print(Text(f"  ✗ {answer} {problem}", style="red"))
        for test in one.idle:
            console.print(Text(f"  ✗ {test} is failed by no wrong answer", style="red"))
        if one.sound:
            console.print("  ✓ all answers get what their files say, and every check is needed")
        console.print()


@author.command()
@click.argument("name", metavar="CHAPTER[.EXERCISE]")
@click.option("--json", "as_json", is_flag=True, help="Print every mutant and its fate as JSON.")
@click.option("--all", "whole", is_flag=True, help="List also mutants that change nothing.")
@click.option("--diff", is_flag=True, help="Show what each listed mutant changes.")
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    type=click.IntRange(0),
    help="A grading seed; may be given several times. Default: two of the tool's own.",
)
@click.option(
    "--record",
    "to_record",
    is_flag=True,
    help="Write what was found into CHAPTER's mutants.json, to be committed with the checks.",
)
def mutants(
    name: str, as_json: bool, whole: bool, diff: bool, seeds: tuple[int, ...], to_record: bool
) -> None:
    """Put one slip at a time into the reference answer: do the checks see it?

    A slip is a < for a <=, a sum for a mean, another join, a forgotten drop_duplicates, a number
    off by one, and so on. Each of these mutants is graded like a student's answer. Shown are

    \b
    - survivors: they return something else than the reference and keep all their points. Mend
      the check, or write the reason why the answer is right into
      autograder/checks/CHAPTER/survivors.toml
    - hints: mutants that differ only on inputs that no case makes (doubled, missing, shuffled or
      no rows). A case may be missing, unless the exercise rules such inputs out
    - with --all: mutants that returned the same wherever they were run. Read them once: either
      they are right answers, or no input shows the slip
    """
    from autograder.authoring import recorded
    from autograder.authoring.mutants import GRADING_SEEDS
    from autograder.authoring.survivors import summary

    if seeds and to_record:
        raise click.UsageError("--record takes the tool's own seeds: leave --seed out.")
    wanted = tuple(dict.fromkeys(seeds)) or GRADING_SEEDS
    found = _each(name, lambda exercise, told: summary(exercise, wanted, told=told))
    if as_json:
        click.echo(json.dumps([_summary_json(one) for one in found], indent=1))
    else:
        _show_summaries(found, whole, diff)
    if to_record:
        by_exercise = {one.exercise: one.fates for one in found}
        path = recorded.record(found[0].exercise.chapter, by_exercise)
        click.echo(f"Recorded in {path}.", err=True)
    if not all(one.sound for one in found):
        click.get_current_context().exit(1)


def _summary_json(one: Summary) -> dict[str, object]:
    return {
        "exercise": one.exercise.id,
        "sound": one.sound,
        "rate": round(one.rate, 4),
        "stale_reasons": one.stale,
        "mutants": [{**asdict(fate), "reason": one.reasons.get(fate.id, "")} for fate in one.fates],
    }


def _show_summaries(found: Sequence[Summary], whole: bool, diff: bool) -> None:
    table = Table(title="Mutants of the reference answers", title_justify="left")
    table.add_column("exercise", no_wrap=True)
    for column in ("all", "caught", "survived", "accepted", "hints", "same", "rate"):
        table.add_column(column, justify="right")
    for one in found:
        accepted = len(one.of("survived")) - len(one.unexplained)
        counts = [len(one.of(fate)) for fate in ("caught", "survived", "unseen", "same")]
        numbers = [len(one.fates), *counts[:2], accepted, *counts[2:]]
        table.add_row(one.exercise.name, *map(str, numbers), f"{one.rate:.0%}")
    console.print(table)
    for one in found:
        explained = [fate for fate in one.of("survived") if fate.id in one.reasons]
        _list(one, "survived, and no reason is on file", one.unexplained, diff, "red")
        _list(one, "survived, accepted", explained, diff)
        _list(one, "differ only on inputs that no case makes", one.of("unseen"), diff, "yellow")
        if whole:
            _list(one, "returned the same wherever they were run", one.of("same"), diff)
        for id in one.stale:
            line = f"{one.exercise.name}: survivors.toml accepts what is no survivor: {id}"
            console.print(Text(line, style="red"))
    caught = sum(len(one.of("caught")) for one in found)
    changing = sum(one.changing for one in found)
    console.print(f"{caught} of {changing} mutants that change results are caught.")


def _list(one: Summary, what: str, fates: Sequence[Fate], diff: bool, style: str = "") -> None:
    if not fates:
        return
    console.print(Text(f"{one.exercise.name}: {what}", style=style or "bold"))
    for fate in fates:
        why = one.reasons.get(fate.id) or fate.where
        console.print(Text(f"  {fate.id}" + (f"\n      {why}" if why else "")), soft_wrap=True)
        if diff:
            console.print(Text(_diff(one, fate)), soft_wrap=True)
    console.print()


def _diff(one: Summary, fate: Fate) -> str:
    """The lines that the mutant changes, as a unified diff against the reference."""
    import ast
    import difflib

    from autograder.assignments import reference_source
    from autograder.authoring.mutations import mutants as of

    source = reference_source(one.exercise)
    (mutant,) = (mutant for mutant in of(source) if mutant.id == fate.id)
    before = ast.unparse(ast.parse(source)).splitlines()
    lines = difflib.unified_diff(before, mutant.source.splitlines(), lineterm="", n=0)
    return "\n".join(f"      {line}" for line in lines if not line.startswith(("---", "+++", "@@")))
