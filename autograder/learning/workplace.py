"""The learner's own notebooks, in `work/`: made from what the course hands out, never overwritten.

work/memory_wall.ipynb          the learner's
work/.released/memory_wall.ipynb    what the course had handed out when it was made
work/memory_wall.new.ipynb      what it hands out now, where that is something else
work/kept/                      what was there before a reset
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.checking import Exercise
from autograder.course import ROOT, CourseError

if TYPE_CHECKING:  # they take a second to import, which every command would wait for
    from autograder.submissions import Submission


def work_folder() -> Path:
    """Where the learner's notebooks are: `BEYOND_PANDAS_WORK`, or `work/` in the course."""
    named = os.environ.get("BEYOND_PANDAS_WORK")
    return Path(named) if named else ROOT / "work"


def own_notebook(chapter: str) -> Path:
    return work_folder() / f"{chapter}.ipynb"


def handed_out(chapter: str) -> Path:
    """The chapter's notebook as the course hands it out. Raises `CourseError` without one."""
    path = ROOT / "exercises" / chapter / f"{chapter}.ipynb"
    if not path.exists():
        raise CourseError(f"exercises/{chapter} is missing: run `make exercises`")
    return path


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        part.write(content)
    os.chmod(part.name, 0o644)
    os.replace(part.name, path)


def _sources(path: Path) -> list[str] | None:
    import nbformat

    try:
        return [cell.source.strip() for cell in nbformat.read(path, as_version=4).cells]
    except Exception:  # the learner's file may hold anything
        return None


def prepare_notebook(chapter: str) -> str:
    """Make the learner's notebook, or see to a newer one; what to tell about it, or "".

    Raises:
        CourseError: the folder cannot be written to.
    """
    released = handed_out(chapter).read_bytes()
    own, before = own_notebook(chapter), work_folder() / ".released" / f"{chapter}.ipynb"
    try:
        if not own.exists():
            _write(own, released)
            _write(before, released)
            return f"Made {own.name}, which is yours to write in."
        if before.exists() and before.read_bytes() == released:
            return ""
        if before.exists() and _sources(own) == _sources(before):
            _write(own, released)
            _write(before, released)
            return f"Your {own.name} was as it was handed out, and is now the new version."
        new = own.with_suffix(".new.ipynb")
        number = 1
        while new.exists() and new.read_bytes() != released:  # an earlier one may be in use
            number += 1
            new = own.with_suffix(f".new-{number}.ipynb")
        _write(new, released)
        _write(before, released)
        return (
            f"The course has a new version of {chapter}. Your notebook is as you left it; the new "
            f"one lies beside it as {new.name}."
        )
    except OSError as problem:
        raise CourseError(f"{work_folder()} cannot be written to: {problem}") from problem


def read_own(chapter: str) -> Submission:
    """The learner's notebook with its cells in order.

    Raises:
        CourseError: there is none yet, or it cannot be read.
    """
    path = own_notebook(chapter)
    if not path.exists():
        raise CourseError(f"there is no {path.name} in {path.parent}: run `course start`")
    from autograder.submissions import read_submission

    read = read_submission(path, chapter)
    if read.set_aside:
        raise CourseError(f"{path.name} cannot be read: {read.set_aside}")
    return read


def reset(chapter: str, exercise: Exercise | None = None) -> Path:
    """Put what was handed out in the place of an answer, or of the whole notebook.

    Returns:
        The copy of the notebook as it was.
    """
    own = own_notebook(chapter)
    if not own.exists():
        raise CourseError(f"there is no {own.name} in {own.parent}: run `course start`")
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    kept = work_folder() / "kept" / f"{chapter}-{stamp}.ipynb"
    number = 1
    while kept.exists():
        number += 1
        kept = kept.with_name(f"{chapter}-{stamp}-{number}.ipynb")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(own, kept)
        if exercise is None:
            _write(own, handed_out(chapter).read_bytes())
        else:
            _write(own, _with_given(own, chapter, exercise.name))
    except OSError as problem:
        raise CourseError(f"{work_folder()} cannot be written to: {problem}") from problem
    return kept


def _with_given(own: Path, chapter: str, name: str) -> bytes:
    """The notebook `own` with the cells of one exercise as they were handed out."""
    import nbformat

    given = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source
        for cell in nbformat.read(handed_out(chapter), as_version=4).cells
    }
    try:
        notebook = nbformat.read(own, as_version=4)
    except Exception as problem:
        raise CourseError(
            f"{own.name} cannot be read: reset the whole notebook with `course reset {chapter}`"
        ) from problem
    found = False
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            cell.source, found = given[name], True
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
    if not found:
        raise CourseError(
            f"{own.name} has no cell of {name} any more: reset the whole notebook with "
            f"`course reset {chapter}`"
        )
    return nbformat.writes(notebook).encode()
