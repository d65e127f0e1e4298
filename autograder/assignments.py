"""From `solutions/<chapter>.py` to the students' notebook in `exercises/<chapter>/`.

A solution is a notebook written as text (jupytext, py:percent). Three keys in a cell's header
say what the cell is:

    # %% tags=["setup"]                      imports; locked, not graded
    # %% [markdown] exercise="shrink"        the text of an exercise; its heading is made here
    # %% answer="shrink"                     the reference answer between ### BEGIN SOLUTION and
                                             ### END SOLUTION; students get the rest of the cell
    # %% given="report"                      after an answer: students get this code instead,
                                             to mend

The locked cell `check(shrink)` is added after each answer. Its points come from the marks on the
checks. Then nbgrader generates the assignment. Doing it twice gives the same bytes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.checking import Exercise
from autograder.course import ROOT, CourseError, content_hash, exercise, exercises
from autograder.verdict import max_points

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
SETUP = "setup"
NO_SOLUTIONS = (
    "This edition of the course holds no solutions: your instructor releases them, and says when."
)


def solution_file(chapter: str) -> Path:
    return ROOT / "solutions" / f"{chapter}.py"


def has_solutions(chapter: str) -> bool:
    """Whether this edition of the course holds the chapter's solutions."""
    return solution_file(chapter).exists()


@cache
def solution_notebook(chapter: str) -> NotebookNode:
    """The chapter's solution as a notebook, as its author wrote it.

    Raises:
        CourseError: this edition has no solutions, or there is no such chapter.
    """
    path = solution_file(chapter)
    if not path.exists():
        raise CourseError(f"there is no solutions/{chapter}.py in this edition of the course")
    return jupytext.read(path, fmt="py:percent")


def setup_source(chapter: str) -> str:
    """The code of the chapter's set-up cells."""
    cells = solution_notebook(chapter).cells
    return "\n\n".join(c.source for c in cells if SETUP in c.metadata.get("tags", []))


def _answer_cell(one: Exercise) -> NotebookNode:
    for cell in solution_notebook(one.chapter).cells:
        if cell.metadata.get("answer") == one.name:
            return cell
    raise CourseError(f"solutions/{one.chapter}.py has no cell answer={one.name!r}")


def reference_source(one: Exercise) -> str:
    """The reference answer, without the marks around it."""
    lines = _answer_cell(one).source.splitlines()
    return "\n".join(line for line in lines if line.strip() not in {BEGIN, END})


def _points(one: Exercise) -> int:
    return int(sum(max_points(one).values()))


def _heading(one: Exercise, number: int) -> str:
    kind = ", stretch" if one.stretch else ""
    return (
        f"## {number}. {one.title}\n\n"
        f"*About {one.minutes} minutes, {_points(one)} points{kind}.*\n\n"
    )


def source_notebook(chapter: str) -> NotebookNode:
    """The chapter's notebook as nbgrader wants its source: with grading metadata and solutions."""
    written = solution_notebook(chapter)
    given = {c.metadata["given"]: c.source for c in written.cells if "given" in c.metadata}
    numbers = {one.name: i for i, one in enumerate(exercises(chapter), start=1)}
    cells: list[NotebookNode] = []

    def add(cell: NotebookNode, grade_id: str, **nbgrader: Any) -> None:
        """Add a cell with a derived id; with grading metadata when any is given."""
        cell.id = content_hash(chapter, grade_id)[:12]
        cell.metadata = NotebookNode()
        if nbgrader:
            cell.metadata["nbgrader"] = {
                "grade_id": grade_id, "schema_version": 3, "task": False,
                "grade": False, "locked": False, "solution": False, **nbgrader,
            }  # fmt: skip
        cells.append(cell)

    for position, cell in enumerate(written.cells):
        marks = cell.metadata
        copy = nbformat.from_dict({k: v for k, v in cell.items() if k != "metadata"})
        if "given" in marks:
            continue
        if SETUP in marks.get("tags", []):
            add(copy, f"setup_{position}", locked=True)
        elif "exercise" in marks:
            one = exercise(chapter, marks["exercise"])
            copy.source = _heading(one, numbers[one.name]) + cell.source
            add(copy, f"text_{one.name}", locked=True)
        elif "answer" in marks:
            one = exercise(chapter, marks["answer"])
            add(copy, one.name, solution=True)
            if one.name in given:
                copy.metadata["given"] = given[one.name]
            test = nbformat.v4.new_code_cell(f"check({one.name})")
            add(test, f"check_{one.name}", grade=True, locked=True, points=_points(one))
        else:
            add(copy, f"cell_{position}")
    missing = set(numbers) - {c.metadata.get("nbgrader", {}).get("grade_id") for c in cells}
    if missing:
        raise CourseError(f"solutions/{chapter}.py has no answer for: {', '.join(sorted(missing))}")
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "pygments_lexer": "ipython3"},
        }
    )
    return notebook


def write_source(chapter: str, folder: Path) -> Path:
    """Write the chapter's source notebook below nbgrader's source `folder`."""
    path = folder / chapter / f"{chapter}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(source_notebook(chapter), path)
    return path


def generate(chapter: str, course: Path = ROOT) -> Path:
    """Generate `exercises/<chapter>/` of the course folder through nbgrader; the notebook's path.

    The gradebook learns of the assignment at the same time.

    Raises:
        CourseError: nbgrader did not do it; the message has its last lines.
    """
    from autograder.grading import nbgrader_api

    api = nbgrader_api(course)
    source = Path(api.coursedir.root) / api.coursedir.source_directory
    write_source(chapter, source)
    told = api.generate_assignment(chapter, force=True, create=True)
    if "there are submissions associated with it" in told["log"]:
        raise CourseError(
            f"the gradebook in classroom/ holds submissions of an older notebook of {chapter}: "
            "finish grading them with that version of the course, or move classroom/ aside"
        )
    if not told["success"]:
        raise CourseError(f"nbgrader could not generate {chapter}: {told['log'][-1500:]}")
    made = Path(api.coursedir.root) / api.coursedir.release_directory / chapter
    return made / f"{chapter}.ipynb"


@contextmanager
def temporary_course() -> Iterator[Path]:
    """A course folder of its own, with our configuration and an empty gradebook."""
    folder = Path(tempfile.mkdtemp(prefix="beyond-pandas-"))
    try:
        shutil.copyfile(ROOT / "nbgrader_config.py", folder / "nbgrader_config.py")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_current(chapter: str) -> bool:
    """Whether `exercises/<chapter>/` is, byte for byte, what the solutions generate."""
    with temporary_course() as folder:
        fresh = generate(chapter, folder)
        kept = ROOT / "exercises" / chapter / f"{chapter}.ipynb"
        names = {p.name for p in kept.parent.iterdir()} if kept.parent.exists() else set()
        return names == {os.path.basename(fresh)} and kept.read_bytes() == fresh.read_bytes()


@cache
def released_sources(chapter: str) -> dict[str, str]:
    """The code that students were given, by grade_id, from `exercises/<chapter>/`."""
    path = ROOT / "exercises" / chapter / f"{chapter}.ipynb"
    if not path.exists():
        raise CourseError(f"exercises/{chapter} is missing: run `make exercises`")
    notebook = nbformat.read(path, as_version=4)
    return {
        c.metadata["nbgrader"]["grade_id"]: c.source
        for c in notebook.cells
        if "nbgrader" in c.metadata
    }
