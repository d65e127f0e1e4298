"""The command that makes the students' edition."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from autograder.course import ROOT

console = Console()


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=ROOT / "build" / "release",
    show_default="build/release",
    metavar="DIR",
    help="The folder that the archive is put into.",
)
def release(output: Path) -> None:
    """Make the students' edition: exercises, data and self-checks, and no solutions.

    The zip holds what the reference returned on the published seed, at the sizes of self-checks:
    the first time, working that out takes some minutes.
    """
    from autograder.progress_bar import progress_bar
    from autograder.publishing.release import make_release

    with progress_bar() as bar:
        task = bar.add_task("looking at what is there", total=None)

        def say(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        path = make_release(output, say)
    size = path.stat().st_size / 1024**2
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    console.print(f"The students' edition is at {shown} ({size:.1f} MiB)", highlight=False)
