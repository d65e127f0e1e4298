"""Build the book: as pages for a browser, or as an EPUB.

Jupyter Book is called in this process, so that a problem is an object and not a page of text to
search through. Every warning is an error.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import ROOT, CourseError
from autograder.publishing.sphinx_pages import CellFailed, Listener, listeners

RESULTS = {"html": "index.html", "epub": "BeyondPandas.epub", "linkcheck": "output.txt"}
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Built:
    """What a build came to. `executed` has the names of the pages whose cells were run."""

    path: Path
    executed: tuple[str, ...]
    seconds: float


def build(
    builder: str = "html", folder: Path = ROOT / "book", say: Listener | None = None
) -> Built:
    """Build the book in `folder` into its `_build/<builder>/`.

    Args:
        builder: "html", "epub", or "linkcheck", which asks every address outside the book.
        folder: where `_config.yml`, `_toc.yml` and the pages lie.
        say: told of each page: what is done ("reading", "executing", "executed", "kept"), its
            name, and, once it was executed, the seconds and the peak of memory in MiB.

    Returns:
        `path` is the first page, or the book as one file.

    Raises:
        CourseError: a cell failed, or there was a warning; one line that says where.
    """
    from jupyter_book.sphinx import build_sphinx

    from autograder.machine.spark import environment

    if not (folder / "_toc.yml").exists():
        raise CourseError(f"there is no book in {folder}: it has no _toc.yml")
    executed: list[str] = []

    def note(what: str, page: str, seconds: float, peak_mb: float) -> None:
        if what == "executed":
            executed.append(page)
        if say is not None:
            say(what, page, seconds, peak_mb)

    began = time.monotonic()
    told = io.StringIO()
    target = folder / "_build" / builder
    with (
        _listening(note),
        _variables(environment("laptop")),
        _kernels_say_into(folder / "_build" / "kernels.log"),
        contextlib.redirect_stderr(told),
    ):
        result = build_sphinx(
            folder,
            target,
            noconfig=True,
            path_config=folder / "_config.yml",
            confoverrides={
                "external_toc_path": str(folder / "_toc.yml"),
                "latex_individualpages": False,
                "nitpicky": True,
            },
            builder=builder,
            # Each builder has its own: what they keep differs in settings, and would be made anew.
            doctreedir=folder / "_build" / (".doctrees" if builder == "html" else f".{builder}"),
            quiet=True,
            warningiserror=True,
            keep_going=True,
        )
    if isinstance(result, KeyboardInterrupt):
        raise result
    if isinstance(result, CellFailed):
        raise CourseError(f"a cell failed: {result}") from result
    warnings = _lines(told.getvalue(), folder)
    if isinstance(result, Exception):
        raise CourseError(f"the book did not build: {_first(str(result))}") from result
    if result:
        for line in warnings:
            print(line)
        many = f"{len(warnings)} warnings" if len(warnings) != 1 else "a warning"
        raise CourseError(
            f"the book has {many}, and each is an error: {warnings[0] if warnings else 'no text'}"
        )
    return Built(target / RESULTS[builder], tuple(executed), time.monotonic() - began)


@contextlib.contextmanager
def _listening(listener: Listener) -> Iterator[None]:
    listeners.append(listener)
    try:
        yield
    finally:
        listeners.remove(listener)


@contextlib.contextmanager
def _variables(of_kernels: Mapping[str, str]) -> Iterator[None]:
    """Set the environment that the pages' kernels start with."""
    before = dict(os.environ)
    os.environ.update(of_kernels)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _kernels_say_into(log: Path) -> Iterator[None]:
    """What kernels, and Spark below them, write on stderr is no part of the build's own report."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.flush()
    before = os.dup(2)
    with log.open("wb") as written:
        os.dup2(written.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _lines(text: str, folder: Path) -> list[str]:
    """Sphinx's warnings, one a line, with paths that begin at the book's folder."""
    plain = _ESCAPES.sub("", text).replace(f"{folder}{os.sep}", f"{folder.name}/")
    return [line for line in plain.splitlines() if re.search(r"\b(WARNING|ERROR|CRITICAL):", line)]


def _first(text: str) -> str:
    return next(iter(text.strip().splitlines()), "no reason given")
