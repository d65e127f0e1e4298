"""The edition that a class is given: exercises, data and self-checks; no solutions and no grader.

What goes in is named here, so that nothing comes along by lying beside it:

- the students' notebooks, the package `shop`, Spark's settings, the set-up;
- of `autograder` what a self-check needs: not the grader, the classroom, the authors' tools, nor
  the answers on file;
- what the reference returns on the published seed, at the sizes of self-checks;
- of the book the contents, for the order of chapters, and the quizzes, for `course placement`.

The same sources and results give the same bytes.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from autograder.assignments import has_solutions, is_current
from autograder.cases import Point, prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import CHECKS, ROOT, CourseError, chapters, exercises
from autograder.reference import expected_results, kept_evidence
from autograder.shipped import file_of, for_students, read_results
from autograder.texts import readable
from autograder.verdict import judge

Say = Callable[[str, int, int], None]
OURS = CHECKS.parent
STUDENTS = Path(__file__).parent / "students"
TOP = "beyond-pandas"  # the folder within the archive
LONGEST_REASON = 300  # characters of why a reference did not return
SPARE_MB = 100  # of disk, beside what the archive takes
NOT_FOR_STUDENTS = (
    "authoring", "classroom", "publishing", "sample_class", "grading.py", "preprocessors.py",
)  # fmt: skip
AS_THEY_ARE = (
    "LICENSE", "LICENSE-CODE", "LICENSE-TEXT", "pyproject.toml", "requirements.lock",
    "book/_toc.yml", "scripts/find_python.sh", "scripts/set_up.py",
)  # fmt: skip
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # of a zip


def make_release(folder: Path, say: Say) -> Path:
    """Write the archive into `folder`, whole or not at all.

    Args:
        folder: made where it is missing.
        say: told what is being done, and how much of it is done.

    Returns:
        The archive.

    Raises:
        CourseError: it cannot be made, and why.
    """
    folder = folder.absolute()
    target = folder / f"beyond-pandas-{version('beyond-pandas')}-students.zip"
    _look_at(folder)
    names = chapters()
    without = [name for name in names if not has_solutions(name)]
    if without:
        raise CourseError(f"a release is made where the solutions are: none for {without[0]} here")
    for number, name in enumerate(names):
        say(f"exercises/{name}: is it what the solutions generate?", number, len(names))
        if not is_current(name):
            raise CourseError(
                f"exercises/{name} is not what solutions/{name}.py generates: run `make exercises`"
            )
    files = {name: path.read_bytes() for name, path in _sources().items()}
    every = [one for name in names for one in exercises(name)]
    for number, one in enumerate(every):
        say(f"what the reference returns: {one.id}", number, len(every))
        files |= _expected(one)
    for name in names:
        quiz = _quiz(name)
        if quiz:
            files[f"book/{name}.md"] = quiz
    say("writing the archive", len(every), len(every))
    _write(target, files)
    return target


def _look_at(folder: Path) -> None:
    """Refuse early what cannot be written to, or has no room."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
        free = shutil.disk_usage(folder).free / 1024**2
    except OSError as problem:
        why = problem.strerror or type(problem).__name__
        raise CourseError(f"nothing can be written into {folder}: {why}") from problem
    if free < SPARE_MB:
        raise CourseError(
            f"the disk of {folder} has {free:.0f} MiB left, and a release needs {SPARE_MB}"
        )


def _sources() -> dict[str, Path]:
    """The files that go in as they are, by their place in the archive."""
    found = {name: ROOT / name for name in AS_THEY_ARE}
    found |= {path.name: path for path in STUDENTS.iterdir() if path.is_file()}
    drafts = {folder.name for folder in CHECKS.iterdir() if folder.is_dir()} - set(chapters())
    for path in _python_in(OURS):
        inner = path.relative_to(OURS)
        if inner.parts[0] == CHECKS.name and drafts & set(inner.parts):
            continue
        if inner.parts[0] not in NOT_FOR_STUDENTS and "answers" not in inner.parts:
            found[f"autograder/{inner.as_posix()}"] = path
    for path in _python_in(ROOT / "datasets" / "shop"):
        found[path.relative_to(ROOT).as_posix()] = path
    for path in (ROOT / "conf").rglob("*"):
        if path.is_file():
            found[path.relative_to(ROOT).as_posix()] = path
    for name in chapters():
        place = f"exercises/{name}/{name}.ipynb"
        found[place] = ROOT / place
    return found


def _python_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.py")):
        if "__pycache__" not in path.parts:
            yield path


def _expected(one: Exercise) -> dict[str, bytes]:
    """What the reference returns for one exercise, as students get it.

    The exercise is judged by just that, so that a check which needs more is found here.
    """
    points = self_check_points(one)
    shown: dict[Point, bytes] = {}
    try:
        whole = expected_results(one, points)
        for point in points:
            shown[point] = for_students(kept_evidence(one, point))
    except RuntimeError as problem:
        raise CourseError(readable(str(problem), LONGEST_REASON)) from problem
    read = {point: read_results(prepare(one, point), content) for point, content in shown.items()}
    verdict = judge(one, whole, read)
    if verdict.state != "passed":
        what = verdict.finding.headline if verdict.finding else verdict.state
        raise CourseError(f"{one.id} cannot be checked with what students are given: {what}")
    return {
        f"autograder/expected/{file_of(one, prepare(one, point))}": content
        for point, content in shown.items()
    }


def _quiz(chapter: str) -> bytes:
    """The quiz of a chapter's page, which `course placement` asks; empty where it has none."""
    page = (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8")
    _, heading, rest = page.partition("\n## Quiz")
    if not heading:
        return b""
    quiz = rest.partition("\n## ")[0].rstrip()
    return f"# {chapter.replace('_', ' ')}\n\n## Quiz{quiz}\n".encode()


def _write(target: Path, files: dict[str, bytes]) -> None:
    """Write the archive beside its place, then put it there at once."""
    part = Path(tempfile.mkdtemp(prefix=".release-", dir=target.parent)) / target.name
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in sorted(files.items()):
                entry = zipfile.ZipInfo(f"{TOP}/{name}", _FIRST_MOMENT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3  # Unix: its modes follow
                mode = 0o755 if name.endswith(".sh") else 0o644
                entry.external_attr = (stat.S_IFREG | mode) << 16
                archive.writestr(entry, content)
        os.chmod(part, 0o644)
        os.replace(part, target)
    except OSError as problem:
        full = problem.errno in {errno.ENOSPC, errno.EDQUOT}
        why = "the disk is full" if full else problem.strerror or type(problem).__name__
        raise CourseError(f"{target} was not written: {why}") from problem
    finally:
        shutil.rmtree(part.parent, ignore_errors=True)
