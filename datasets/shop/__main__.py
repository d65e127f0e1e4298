"""`python -m shop`: make, list, describe and remove the course's data."""

from __future__ import annotations

import json
import shutil
from typing import Any

import click
from rich.console import Console
from rich.table import Table

import shop
from shop.errors import ShopError
from shop.places import root
from shop.tables import FORMATS, SEED

console = Console()


class _Commands(click.Group):
    """Turns the package's own errors into one line and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ShopError as problem:
            click.echo(f"shop: {problem}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The course's data: an online shop's tables, made on the spot.

    \b
    Try    python -m shop make small
           python -m shop describe orders
    """


@main.command()
@click.argument("size")
@click.option("--table", "tables", multiple=True, help="Only this table; may be repeated.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=("parquet",),
    show_default=True,
    help=f"{' or '.join(FORMATS)}; may be repeated.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another shop.")
@click.option("--force", is_flag=True, help="Make them again although they are there.")
def make(
    size: str, tables: tuple[str, ...], formats: tuple[str, ...], seed: int, force: bool
) -> None:
    """Make the tables at SIZE: tiny, small, medium, large or huge."""
    made = shop.make(size, seed=seed, tables=list(tables) or None, formats=formats, force=force)
    click.echo(str(made))


@main.command("list")
def list_() -> None:
    """Show the datasets that are on this machine."""
    table = Table()
    for name in ("dataset", "file", "rows", "MB"):
        table.add_column(name, justify="right" if name in {"rows", "MB"} else "left")
    for manifest in sorted(root().glob("*/manifest.json")):
        files = json.loads(manifest.read_text())["files"]
        for name, about in files.items():
            file = manifest.parent / name
            if file.exists():
                size = f"{file.stat().st_size / 1e6:,.1f}"
                table.add_row(manifest.parent.name, name, f"{about['rows']:,}", size)
    console.print(table if table.row_count else "none yet; try: python -m shop make small")


@main.command()
@click.argument("table", type=str)
def describe(table: str) -> None:
    """Show what the columns of TABLE mean (customers, products or orders)."""
    rows = shop.describe(table)
    shown = Table()
    for name in rows.columns:
        shown.add_column(name)
    for row in rows.itertuples(index=False):
        shown.add_row(*map(str, row))
    console.print(shown)


@main.command()
@click.argument("size")
@click.option("--seed", type=int, default=SEED, show_default=True)
@click.confirmation_option(prompt="Remove these files?")
def clean(size: str, seed: int) -> None:
    """Remove the dataset SIZE; it can be made again."""
    from shop.places import ask_for, folder

    ask_for(size=size)
    target = folder(size, seed)
    if not target.exists():
        raise ShopError(f"there is no dataset {target.name} in {root()}")
    shutil.rmtree(target)
    click.echo(f"removed {target}")


if __name__ == "__main__":
    main(prog_name="python -m shop")
