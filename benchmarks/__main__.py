"""python -m benchmarks [SECTION]..."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from autograder.course import CourseError
from benchmarks.harness import Measurement, keep, measure, sections


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1, metavar="[SECTION]...")
def main(names: tuple[str, ...]) -> None:
    """Measure, and keep the numbers in benchmarks/results.json. Without a SECTION: all of them.

    The exit status is 1 when a promise does not hold. For numbers worth keeping, let the machine
    do nothing else meanwhile.
    """
    found: list[Measurement] = []
    try:
        for name in names or sections():
            with Console(stderr=True).status(f"measuring {name}"):
                measured = measure(name)
            keep(name, measured)
            found += measured
    except CourseError as problem:
        click.echo(f"benchmarks: {problem}", err=True)
        raise SystemExit(2) from problem
    Console().print(_table(found))
    raise SystemExit(any(one.holds is False for one in found))


def _table(found: list[Measurement]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("section", "measurement"):
        table.add_column(heading)
    table.add_column("value", justify="right", no_wrap=True)
    for heading in ("promised", "holds"):
        table.add_column(heading)
    holds = {True: "[green]yes[/]", False: "[bold red]no[/]", None: ""}
    for one in found:
        value = f"{one.value:,.3g} {one.unit}" if abs(one.value) < 1000 else (
            f"{one.value:,.0f} {one.unit}"
        )  # fmt: skip
        table.add_row(one.section, one.name, value, one.bar or "", holds[one.holds])
    return table


if __name__ == "__main__":
    main()
