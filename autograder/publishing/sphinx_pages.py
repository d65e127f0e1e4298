"""What the book asks of Sphinx beside MyST: a Sphinx extension.

- A page is run again when what its outputs rest on has changed: see `page_cache.py`.
- A cell that fails ends the build, with the names of page and cell.
- `{exercises} chapter` shows a chapter's exercises as they are handed out, from the notebook in
  exercises/, with a link to it.
- `{status} versions`, `{status} pages` and `{status} exercises` are the tables of the status page.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from myst_nb.ext.glue.crossref import read_glue_cache
from nbformat import NotebookNode
from sphinx.addnodes import download_reference
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from autograder.course import ROOT, CourseError, exercise, exercises, numbers
from autograder.publishing import page_cache
from autograder.publishing.fingerprints import fingerprint

Listener = Callable[[str, str, float, float], None]
# Told of each page: "reading", "executing", "executed" (with seconds and MiB) or "kept".
listeners: list[Listener] = []
PACKAGES = (
    "pyspark", "pandas", "pyarrow", "numpy", "scikit-learn", "prefect", "nbgrader", "jupyter-book",
    "sphinx", "myst-nb",
)  # fmt: skip


class CellFailed(SphinxError):
    """A cell of a page did not run to its end; the message names both in one line."""

    category = "A cell failed"


def _tell(what: str, page: str, seconds: float = 0.0, peak_mb: float = 0.0) -> None:
    for listener in listeners:
        listener(what, page, seconds, peak_mb)


# ---- running pages --------------------------------------------------------------------------


class _Reading:
    """The page that is being read, and whether it was executed meanwhile."""

    page: Path | None = None
    executed = False


def _begin(app: Sphinx, docname: str, _source: list[str]) -> None:
    _Reading.page, _Reading.executed = Path(app.env.doc2path(docname)), False
    _tell("reading", docname)


def _end(app: Sphinx, _doctree: nodes.document) -> None:
    if not _Reading.executed:
        _tell("kept", app.env.docname)


def _execute(notebook: NotebookNode, *arguments: Any, **named: Any) -> Any:
    """Run a page's cells as jupyter-cache does, watched; a failing cell is named at once."""
    from jupyter_cache.executors.utils import single_nb_execution

    page = _Reading.page
    assert page is not None
    _Reading.executed = True
    _tell("executing", page.stem)
    rests_on = fingerprint(page)  # before: what changes meanwhile is not what was run
    try:
        with page_cache.Watch() as watch:
            result = single_nb_execution(notebook, *arguments, **named)
    except Exception as problem:  # the kernel died, or did not start
        raise CellFailed(_failure(page, notebook, problem)) from problem
    if result.err is not None:
        raise CellFailed(_failure(page, notebook, result.err))
    folder = Path(_cache_folder)
    key = _key_of(notebook, folder)
    page_cache.note(folder, key, page.stem, rests_on, result.time, watch.peak_mb)
    _tell("executed", page.stem, result.time, watch.peak_mb)
    return result


_cache_folder = ""


def _key_of(notebook: NotebookNode, folder: Path) -> str:
    from jupyter_cache import get_cache

    key: str = get_cache(str(folder)).create_hashed_notebook(notebook)[1]
    return key


def _failure(page: Path, notebook: NotebookNode, problem: BaseException) -> str:
    """One line: page, cell by number and line, and what happened."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    # Cells run in order: the last that was begun. An earlier one may show an error on purpose.
    begun = [n for n, cell in enumerate(cells) if cell.get("execution_count") is not None]
    failed = begun[-1] if begun else 0
    said = next((one for one in cells[failed].outputs if _is_error(one)), None)
    what = f"{said.ename}: {said.evalue}" if said else f"{type(problem).__name__}: {problem}"
    first = next(iter(what.strip().splitlines()), type(problem).__name__)
    line = _line_of(page, cells[failed].source)
    where = f"{page.parent.name}/{page.name}"
    return f"{where}, code cell {failed + 1} of {len(cells)} (line {line}): {first[:300]}"


def _is_error(output: NotebookNode) -> bool:
    return bool(output.output_type == "error")


def _line_of(page: Path, source: str) -> int:
    """The line of the page on which a cell's code begins; 1 where it is not found."""
    text = page.read_text(encoding="utf-8")
    start = text.find(source)
    if start < 0:
        return 1
    return text.count("\n", 0, start) + 1


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], _removed: set[str]
) -> Iterable[str]:
    """Before pages are read: what may not be used again is thrown away, and its pages are read.

    So are the pages that were run again meanwhile, for a book of the other format, and those that
    show a value of such a page.
    """
    global _cache_folder
    _cache_folder = env.mystnb_config.execution_cache_path  # type: ignore[attr-defined]
    read_glue_cache.cache_clear()  # of an earlier build in this process
    stale = page_cache.forget_stale(Path(_cache_folder), Path(app.srcdir))
    elsewhere = set(_run_times(env)) - set(_shown_executions(env))
    moved = stale | elsewhere | added | changed
    showing = {name for name in env.found_docs if _shown_from(Path(env.doc2path(name))) & moved}
    return sorted((stale | elsewhere | showing) & set(env.found_docs))


def _shown_from(page: Path) -> set[str]:
    """The pages whose values a page shows, as in {glue:text}`rdds.md::faster:s`."""
    return set(re.findall(r"\{glue:\w+\}`(\w+)\.\w+::", page.read_text(encoding="utf-8")))


# ---- exercises ------------------------------------------------------------------------------


class Exercises(SphinxDirective):
    """A chapter's exercises as a student gets them: text and given code, nothing to run."""

    required_arguments = 1

    def run(self) -> Sequence[nodes.Node]:
        chapter = self.arguments[0]
        path = ROOT / "exercises" / chapter / f"{chapter}.ipynb"
        try:
            every = exercises(chapter)
        except CourseError as problem:
            raise self.error(str(problem)) from problem
        if not path.exists():
            raise self.error(f"exercises/{chapter} is missing: run `make exercises`")
        self.env.note_dependency(str(path))
        cells = {
            cell.metadata.get("nbgrader", {}).get("grade_id"): cell
            for cell in nbformat.read(path, as_version=4).cells
        }
        found: list[nodes.Node] = [self._link(path, len(every))]
        for one in every:
            found.append(self._section(chapter, one.name, cells))
        return found

    def _link(self, path: Path, many: int) -> nodes.Node:
        they = "They stand" if many > 1 else "It stands"
        course_start = [
            nodes.Text(" In your copy of the course, "),
            nodes.literal("", "course start"),
            nodes.Text(" opens it, and checks what you write. Here you can only read."),
        ]
        if self.env.app.builder.name == "epub":  # which hands out no files
            name = nodes.literal("", f"exercises/{path.parent.name}/{path.name}")
            before = nodes.Text(f"{they} in the notebook ")
            return nodes.paragraph("", "", before, name, nodes.Text("."), *course_start)
        link = download_reference(
            "",
            "",
            nodes.literal("", path.name),
            reftarget=f"/{_from(Path(self.env.srcdir), path)}",
            refdoc=self.env.docname,
            refdomain="",
            refexplicit=True,
            refwarn=True,
        )
        return nodes.paragraph(
            "",
            "",
            nodes.Text(f"{they} in the notebook "),
            link,
            nodes.Text(", to download from here."),
            *course_start,
        )

    def _section(self, chapter: str, name: str, cells: dict[str, NotebookNode]) -> nodes.Node:
        one = exercise(chapter, name)
        number = numbers()[one.id]
        points = cells[f"check_{name}"].metadata["nbgrader"]["points"]
        section = nodes.section(ids=[f"exercise-{name.replace('_', '-')}"], names=[])
        section["classes"].append("exercise")
        section += nodes.title("", f"{number} {one.title}")
        facts = f"About {one.minutes} minutes, {points:g} points"
        if one.stretch:
            facts += ", stretch: for those who want more"
        section += nodes.paragraph("", "", nodes.emphasis("", facts + "."))
        text = _without_heading(cells[f"text_{name}"].source)
        source = f"exercises/{chapter}/{chapter}.ipynb"
        self.state.nested_parse(StringList(text.splitlines(), source), 0, section)
        given = nodes.literal_block(cells[name].source, cells[name].source, language="python")
        section += given
        return section


def _from(folder: Path, path: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _without_heading(text: str) -> str:
    """An exercise's text without the two lines that are made for the notebook."""
    paragraphs = text.split("\n\n")
    while paragraphs and paragraphs[0].startswith(("## ", "*About ")):
        del paragraphs[0]
    return "\n\n".join(paragraphs)


# ---- status ---------------------------------------------------------------------------------


class _StatusOfPages(nodes.General, nodes.Element):
    """Stands for the table of pages until all of them have been run."""


class Status(SphinxDirective):
    """A table of the status page: `versions`, `pages` or `exercises`."""

    required_arguments = 1

    def run(self) -> Sequence[nodes.Node]:
        kind = self.arguments[0]
        if kind == "versions":
            return [_versions()]
        if kind == "pages":
            return [_StatusOfPages()]
        if kind == "exercises":
            results = Path(self.env.srcdir).parent / "benchmarks" / "results.json"
            if results.exists():
                self.env.note_dependency(str(results))
            return _exercise_tables(results)
        raise self.error(f"there is no status of {kind!r}: versions, pages or exercises")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str | nodes.Node]]) -> nodes.table:
    """A table; the first column holds texts or nodes, the others as a rule numbers."""
    group = nodes.tgroup(cols=len(headings))
    group += [nodes.colspec(colwidth=1) for _ in headings]

    def row(cells: Sequence[str | nodes.Node]) -> nodes.row:
        made = nodes.row()
        for cell in cells:
            content = nodes.Text(cell) if isinstance(cell, str) else cell
            made += nodes.entry("", nodes.paragraph("", "", content))
        return made

    group += nodes.thead("", row(headings))
    group += nodes.tbody("", *(row(cells) for cells in rows))
    table = nodes.table("", group)
    table["classes"] += ["colwidths-auto"]
    return table


def _versions() -> nodes.Node:
    from autograder.machine.java import find_java

    rows = [
        ("Beyond Pandas", metadata.version("beyond-pandas")),
        ("Python", platform.python_version()),
        ("Java", str(find_java().version)),
        *((name, metadata.version(name)) for name in PACKAGES),
    ]
    return _table(("what", "version"), rows)


def _in_words(date: str) -> str:
    try:
        return datetime.fromisoformat(date).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return date


def _pages_table(app: Sphinx) -> list[nodes.Node]:
    """Each page that has code: when it was run, how long, with how much memory."""
    shown = _shown_executions(app.env)
    ordered = [name for name in _reading_order(app.env) if name in shown]
    rows = []
    for name in ordered:
        one = shown[name]
        title = app.env.titles[name].astext() if name in app.env.titles else name
        rows.append(
            (title, f"{one.seconds:,.0f} s", f"{one.peak_mb:,.0f} MiB", _in_words(one.date))
        )
    total = sum(shown[name].seconds for name in ordered)
    machines = sorted({shown[name].machine for name in ordered})
    said = (
        f"Made on {_in_words(datetime.now(UTC).isoformat())}. "
        f"All pages together ran for {total:,.0f} s, on: {'; '.join(machines) or 'no machine yet'}."
    )
    table = _table(("page", "run time", "peak memory", "run on"), rows)
    return [nodes.paragraph("", said), table]


def _shown_executions(env: BuildEnvironment) -> dict[str, page_cache.Execution]:
    """The execution whose outputs each page shows. It may not be the page's latest: code that was
    put back as it had been finds its earlier outputs."""
    taken = _run_times(env)
    noted = page_cache.executions(Path(_cache_folder)).values()
    found: dict[str, page_cache.Execution] = {}
    for one in sorted(noted, key=lambda one: one.date):
        if taken.get(one.page) == one.seconds:
            found[one.page] = one
    return found


def _run_times(env: BuildEnvironment) -> dict[str, float]:
    """The seconds that the execution took whose outputs a page shows, for each that has code."""
    from myst_nb.sphinx_ import NbMetadataCollector

    every = NbMetadataCollector.get_doc_data(env).items()
    taken = {name: (data.get("exec_data") or {}).get("runtime") for name, data in every}
    return {name: round(seconds, 2) for name, seconds in taken.items() if seconds is not None}


def _reading_order(env: BuildEnvironment) -> list[str]:
    """The pages in the order of the contents."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name not in ordered:
            ordered.append(name)
            for inner in env.toctree_includes.get(name, []):
                visit(inner)

    visit(env.config.root_doc)
    return ordered


def _exercise_tables(results: Path) -> list[nodes.Node]:
    """What `make bench SECTION=exercises` measured: the references at their sizes."""
    document = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    facts = document.get("sections", {}).get("exercises")
    if not facts:
        command = nodes.literal("", "make bench SECTION=exercises")
        return [nodes.paragraph("", "", nodes.Text("Not measured yet: run "), command)]
    seconds: dict[str, dict[str, float]] = {}
    memory: dict[str, float] = {}
    for one in document["results"]:
        if one["section"] == "exercises":
            name, size, what = str(one["name"]).split(", ")
            if what == "time":
                seconds.setdefault(name, {})[size] = float(one["value"])
            else:
                memory[name] = max(memory.get(name, 0.0), float(one["value"]))
    known = numbers()
    # Of an exercise that was given up since nothing is told.
    told = sorted(seconds.keys() & known.keys(), key=list(known).index)
    sizes = [size for size in ("tiny", "small", "medium") if any(size in seconds[n] for n in told)]
    rows = [
        (
            known[name],
            nodes.literal("", name.partition(".")[2]),
            *(f"{seconds[name][size]:.2f}" if size in seconds[name] else "–" for size in sizes),
            f"{memory[name]:,.0f}",
        )
        for name in told
    ]
    said = f"Measured on {_in_words(facts['date'])}, on: {facts['machine']}."
    table = _table(("", "exercise", *(f"{size}, s" for size in sizes), "memory, MiB"), rows)
    return [nodes.paragraph("", said), table]


def _fill_in(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    for place in list(doctree.findall(_StatusOfPages)):
        place.replace_self(_pages_table(app))


def _pages_with_status(_app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Written in every build: what they tell may have changed with any page."""
    return [name for name in env.found_docs if name == "status"]


# ---- the book as an EPUB --------------------------------------------------------------------


def _as_xml(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """An EPUB's pages are XML, and a program's HTML as a rule is not: pandas' tables, for one."""
    if app.builder.name == "epub":
        for node in doctree.findall(nodes.raw):
            if "html" in node.get("format", "").split():
                node.children = [nodes.Text(well_formed(node.astext()))]


def well_formed(markup: str) -> str:
    """A piece of HTML as XML, without scripts, which an e-book does not run."""
    if _ONE_OF_A_PAIR.fullmatch(markup.strip()):
        return markup  # the other one is another piece: an author's own tags around Markdown
    found = re.sub(r"<svg(?![^>]*\sxmlns=)", '<svg xmlns="http://www.w3.org/2000/svg"', markup)
    try:
        if "<script" not in found:
            ElementTree.fromstring(f"<div>{found}</div>")
            return found
    except ElementTree.ParseError:
        pass
    from bs4 import BeautifulSoup, Comment

    soup = BeautifulSoup(found, "html.parser")
    for tag in soup.find_all("script"):
        tag.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for name in ("viewbox", "preserveaspectratio"):  # the parser knows HTML's letters only
        for tag in soup.find_all(lambda tag, name=name: name in tag.attrs):
            tag[_OF_SVG[name]] = tag.attrs.pop(name)
    return str(soup)


_ONE_OF_A_PAIR = re.compile(r"<(?!(?:br|hr|img|input|wbr|source|track|col)\b)/?[a-z][^<>]*(?<!/)>")
_OF_SVG = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}


def _name_version(_app: Sphinx, config: Config) -> None:
    config.version = config.release = metadata.version("beyond-pandas")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    from myst_nb.core.execute import cache

    cache.single_nb_execution = _execute  # the one place where a page's cells are run
    app.add_node(_StatusOfPages)
    app.add_directive("exercises", Exercises)
    app.add_directive("status", Status)
    app.connect("config-inited", _name_version)
    app.connect("env-get-outdated", _outdated)
    app.connect("source-read", _begin)
    app.connect("doctree-read", _end)
    app.connect("env-updated", _pages_with_status)
    app.connect("doctree-resolved", _fill_in)
    app.connect("doctree-resolved", _as_xml)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
