"""What a page's outputs rest on beside the code in its cells, as one short name per page.

jupyter-cache finds a page's outputs again by the code of its cells. The same code gives other
outputs when a helper beside the pages, the shop, the measured results, a package or the machine
has changed; a page that was not run again would then show what is no longer so. The fingerprint of
a page covers

- the modules beside the pages that it imports, and theirs in turn;
- `shop`, whole, where the page imports it;
- modules of `autograder` that it imports or names, and theirs in turn;
- the files of this repository that it names, such as benchmarks/results.json;
- Spark's settings in conf/, the versions of Python, Java and every package, and the machine.

Imports are read, not followed by running: a module whose name is put together at run time is not
seen.
"""

from __future__ import annotations

import ast
import platform
import re
import sysconfig
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import shop

from autograder.course import ROOT, content_hash
from autograder.machine import machine_in_words

OURS = Path(__file__).parent.parent
RESULTS = "results.json"  # what `make bench` measured, in benchmarks/ beside the pages' folder
COMMAND = OURS / "cli.py"  # a page that runs the command `course` rests on all of the package
# What `autograder/__init__.py` imports whichever of its names is asked for.
BEHIND_EVERY_NAME = "autograder.learning.kernel"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_DOTTED = re.compile(r"autograder(\.\w+)+")


def fingerprint(page: Path) -> str:
    """A name for all that the outputs of `page` rest on, but for the code in its own cells."""
    files = behind(page)
    # Not in the order of paths: a copy of the book elsewhere rests on the same.
    named = sorted((path.name, path.read_bytes()) for path in files)
    parts = [part for one in named for part in one]
    return content_hash(*parts, *_surroundings())


def behind(page: Path) -> set[Path]:
    """The files of ours that the code in `page` rests on."""
    files: set[Path] = set()
    for source in code_of(page):
        for path in _named(source, page.parent):
            _add(path, page.parent, files)
    return files


def code_of(page: Path) -> list[str]:
    """The sources of the page's code cells, in order."""
    import jupytext

    notebook = jupytext.reads(page.read_text(encoding="utf-8"), fmt="md:myst")
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@cache
def _surroundings() -> tuple[str, ...]:
    """The same for all pages: versions, settings, machine."""
    from autograder.machine.java import find_java

    # Of this environment alone: setuptools, once imported, puts its own copies on sys.path.
    installed = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    packages = sorted(
        {f"{one.name} {one.version}" for one in metadata.distributions(path=installed)}
    )
    settings = sorted(path for path in (ROOT / "conf").rglob("*") if path.is_file())
    java = find_java()
    return (
        platform.python_version(),
        f"{java.version}",
        machine_in_words(),
        *packages,
        *(path.read_text(encoding="utf-8") for path in settings),
    )


def _add(path: Path, pages: Path, files: set[Path]) -> None:
    """Add a file and, where it is a module, those that it names in turn."""
    if path in files:
        return
    files.add(path)
    if path == COMMAND:
        files |= {one for one in OURS.rglob("*.py") if "answers" not in one.parts}
    elif path.suffix == ".py" and path.is_relative_to(OURS):  # `_imported` saw to helpers
        for one in _named_by(path, pages):
            _add(one, pages, files)


@cache
def _named_by(module: Path, pages: Path) -> tuple[Path, ...]:
    return tuple(_named(module.read_text(encoding="utf-8"), pages))


def _named(source: str, pages: Path) -> Iterator[Path]:
    """The files of ours that a piece of Python names, imports above all."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a line for IPython, or a text that is no program
        tree = ast.parse("\n".join(_imports_as_lines(source)))
    yield from _named_in(tree, pages)


def _named_in(tree: ast.AST, pages: Path) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files_of(alias.name, pages)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield from _imported(node.module, alias.name, pages)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _in_text(node.value, pages)


def _imports_as_lines(source: str) -> list[str]:
    """The lines that are an import, each by itself; used where the whole cannot be parsed."""
    lines = (line.strip() for line in source.splitlines())
    found = []
    for line in lines:
        if line.startswith(("import ", "from ")):
            try:
                ast.parse(line)
            except SyntaxError:
                continue
            found.append(line)
    return found


def _in_text(text: str, pages: Path) -> Iterator[Path]:
    """What a text names: a module, a file, or, as a program for another process, its imports."""
    if text.rpartition("/")[2] == RESULTS and _results(pages).exists():
        yield _results(pages)
    elif _DOTTED.fullmatch(text):
        yield from _files_of(text, pages)
    elif "import " in text:
        yield from _named("\n".join(_imports_as_lines(text)), pages)


def _results(pages: Path) -> Path:
    return pages.parent / "benchmarks" / RESULTS


def _imported(module: str, name: str, pages: Path) -> Iterator[Path]:
    """The files behind `from module import name`."""
    if module == "autograder" and name in (lazy := _lazy_names()):
        yield from _files_of(lazy[name], pages)
        yield from _files_of(BEHIND_EVERY_NAME, pages)
        return
    helper = pages / f"{module}.py"
    if helper.exists():
        yield helper
        yield from _behind_name(helper, name, pages)
        return
    inner = list(_files_of(f"{module}.{name}", pages))
    yield from inner or _files_of(module, pages)


def _files_of(module: str, pages: Path) -> Iterator[Path]:
    """The file of a module of ours; all files of `shop`; nothing for others' modules."""
    first, _, rest = module.partition(".")
    if first == "shop":
        yield from sorted(Path(shop.__file__).parent.rglob("*.py"))
    elif first == "autograder":
        # The package's own __init__ only forwards names: `_imported` follows them one by one.
        path = OURS.joinpath(*rest.split(".")) if rest else None
        if path and path.with_suffix(".py").exists():
            yield path.with_suffix(".py")
        elif path and (path / "__init__.py").exists():
            yield path / "__init__.py"
    elif not rest and (pages / f"{first}.py").exists():
        yield pages / f"{first}.py"
        yield from _named_by(pages / f"{first}.py", pages)


@cache
def _behind_name(helper: Path, name: str, pages: Path) -> tuple[Path, ...]:
    """What stands behind one name of a module beside the pages: a page that draws with a module
    does not rest on the results that another of its functions reads."""
    body = ast.parse(helper.read_text(encoding="utf-8")).body
    defined = {one.name: one for one in body if isinstance(one, _DEFINITIONS)}
    wanted, seen = [name], set[str]()
    nodes: list[ast.AST] = [one for one in body if not isinstance(one, _DEFINITIONS)]
    while wanted:
        one = wanted.pop()
        if one in seen or one not in defined:
            continue
        seen.add(one)
        nodes.append(defined[one])
        wanted += [node.id for node in ast.walk(defined[one]) if isinstance(node, ast.Name)]
    return tuple(path for node in nodes for path in _named_in(node, pages))


@cache
def _lazy_names() -> dict[str, str]:
    """The module behind each name that `autograder` gives out."""
    tree = ast.parse((OURS / "__init__.py").read_text(encoding="utf-8"))
    return {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module != "autograder"
        for alias in node.names
    }
