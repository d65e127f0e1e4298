"""The command `python -m shop`: make, list, describe, verify and remove datasets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

import shop
from shop import catalogue, store
from shop.errors import ShopError


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def commands(context: click.Context) -> None:
    """The data of the course: the tables of an online shop.

    \b
    Sizes, in orders:  tiny 1,000         small 100,000       medium 1,000,000
                       large 10,000,000   huge 100,000,000    or --rows N
    Tables:            customers, products, orders, order_items, clicks, deliveries

    The same size and seed give the same rows on every machine.

    Data lie under the folder in SHOP_DATA; else in datasets/data of a clone of the course; else
    in ~/.cache/beyond-pandas/data. Notebooks make what they need by themselves:
    shop.load("orders", "small").
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


_rows = click.option("--rows", type=int, help="A size of so many orders.")


def _sizes(sizes: Sequence[str], rows: int | None) -> list[str | int]:
    """All sizes asked for, looked at before anything is done: nothing is when one is wrong."""
    asked: list[str | int] = [*sizes, *([rows] if rows is not None else [])]
    for size in asked:
        catalogue.orders_of(size)
    return asked


@commands.command()
@click.argument("sizes", nargs=-1, metavar="[SIZE]...")
@_rows
@click.option("--table", "tables", multiple=True, help="Only this table; may be given again.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=("parquet",),
    show_default=True,
    help="parquet, csv or daily (Parquet in a folder for each day); may be given again.",
)
@click.option("--seed", type=int, default=shop.SEED, show_default=True, help="Other rows.")
@click.option("--force", is_flag=True, help="Make again what is there already.")
@click.option("--processes", type=click.IntRange(1), help="One for each core, if not said.")
def make(
    sizes: Sequence[str],
    rows: int | None,
    tables: Sequence[str],
    formats: Sequence[str],
    seed: int,
    force: bool,
    processes: int | None,
) -> None:
    """Make datasets; what is there already is left as it is.

    \b
    python -m shop make tiny small
    python -m shop make medium --table orders --format parquet --format csv
    python -m shop make --rows 250000 --seed 7

    A run that was ended goes on where it stopped when the same is asked for again.
    """
    asked = _sizes(sizes, rows)
    if not asked:
        raise ShopError("Name a size to make, or say --rows N.")
    for size in asked:
        folder = shop.make(
            size, seed=seed, tables=tables or None, formats=formats, force=force,
            processes=processes,
        )  # fmt: skip
        click.echo(str(folder))


@commands.command("list")
def list_datasets() -> None:
    """List the datasets that are there, with their rows and bytes."""
    table = Table("size", "seed", "file", title=str(store.root()), title_justify="left")
    table.add_column("rows", justify="right")
    table.add_column("on disk", justify="right")
    old = []
    for size, seed, folder in store.datasets():
        try:
            entries = store.whole(folder)
        except ShopError as problem:
            old.append(str(problem))
            continue
        for name, entry in entries.items():
            length = store.in_words(sum(about["bytes"] for about in entry["parts"].values()))
            table.add_row(str(size), str(seed), name, f"{entry['rows']:,}", length)
    for line in old:
        click.echo(line, err=True)
    if table.row_count:
        _console().print(table)
    else:
        click.echo(f"No datasets in {store.root()}; make one with `python -m shop make tiny`.")


@commands.command()
@click.argument("table")
def describe(table: str) -> None:
    """Say what the columns of TABLE mean and how their values are spread.

    \b
    python -m shop describe orders
    """
    catalogue.known_table(table)
    shown = Table("column", "type", "meaning", "unit", "nulls", "distribution", show_lines=True)
    for c in catalogue.COLUMNS[table]:
        shown.add_row(c.name, c.type, c.meaning, c.unit, c.nulls, c.distribution)
    _console().print(shown)


@commands.command()
@click.argument("sizes", nargs=-1, metavar="[SIZE]...")
@_rows
@click.option("--seed", type=int, help="Only this seed; else all that there are.")
def verify(sizes: Sequence[str], rows: int | None, seed: int | None) -> None:
    """Read every file of the datasets and compare it with when it was made.

    Without a size: all that there are. Exit status 2 when something is wrong.
    """
    wrong: list[str] = []
    asked = _sizes(sizes, rows)
    found = _found(asked, seed)
    if asked and not found:
        raise ShopError(f"There is no such dataset in {store.root()}.")
    for size, number, folder in found:
        problems = shop.verify(size, seed=number)
        wrong += problems
        if not problems:
            click.echo(f"{folder.name}: whole")
    for line in wrong:
        click.echo(line)
    if wrong:
        raise ShopError("make it again with `python -m shop make SIZE --force`.")


@commands.command()
@click.argument("sizes", nargs=-1, metavar="[SIZE]...")
@_rows
@click.option("--seed", type=int, help="Only this seed; else all seeds of the sizes named.")
@click.option("--all", "everything", is_flag=True, help="All sizes.")
def clean(sizes: Sequence[str], rows: int | None, seed: int | None, everything: bool) -> None:
    """Remove datasets. They can be made again, with the same rows.

    \b
    python -m shop clean medium large
    python -m shop clean --all
    """
    asked = _sizes(sizes, rows)
    if bool(asked) == everything:
        raise ShopError("Name the sizes to remove, or say --all.")
    found = _found(asked, seed)
    for size, number, folder in found:
        freed = store.remove(size, number)
        click.echo(f"Removed {folder.name}, {store.in_words(freed)}")
    if not found:
        click.echo("Nothing to remove.")


def _found(sizes: Sequence[str | int], seed: int | None) -> list[tuple[str | int, int, Path]]:
    """The datasets that are there, of these sizes (or all) and this seed (or all)."""
    names = {catalogue.name_of(size) for size in sizes}
    return [
        one
        for one in store.datasets()
        if (not names or catalogue.name_of(one[0]) in names) and seed in (None, one[1])
    ]


def _console() -> Console:
    # In a pipe, the width is unknown: wide enough for one line a row.
    console = Console()
    return console if console.is_terminal else Console(width=160)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a wrong request is one line on stderr and exit status 2."""
    try:
        code = commands.main(arguments, prog_name="python -m shop", standalone_mode=False)
    except ShopError as error:
        message = str(error)
    except click.ClickException as error:
        message = error.format_message()
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    else:
        sys.exit(code if isinstance(code, int) else 0)
    print(f"shop: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(2)
