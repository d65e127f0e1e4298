"""Grade a class: run each notebook behind the wall, judge it outside, keep the verdict.

A verdict is one JSON file per notebook, found again by the hash of what was graded, so that a
class that was interrupted goes on where it stopped and a regrade repeats nothing that stands.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import shop
from nbformat import NotebookNode

from autograder import report
from autograder.assignments import has_solutions, reference_source, setup_source
from autograder.cases import Prepared, grading_points, prepare
from autograder.checking import Exercise
from autograder.course import (
    CHECKS,
    ROOT,
    CourseError,
    cache_folder,
    content_hash,
    exercises,
)
from autograder.machine import cores
from autograder.patience import RUNS, with_patience
from autograder.reference import expected_results, wrong_results
from autograder.submissions import (
    LOCAL,
    Submission,
    read_submission,
    released_notebook,
    same_program,
)
from autograder.supervise import Cell, Run, run_answers, runnable_cells
from autograder.verdict import ExerciseVerdict, judge, max_points, not_attempted
from autograder.wall import Wall, find_wall

SCHEMA = 1
PREPARED_SIZES = ("tiny", "small")  # what `shop.load` finds in a student's own cells


@dataclass
class NotebookVerdict:
    """The verdict on one notebook."""

    state: str  # "graded", "ungradable", "grader_error"
    exercises: list[ExerciseVerdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reason: str = ""
    reports: dict[str, dict[str, str]] = field(default_factory=dict)  # name -> {"text", "html"}
    seconds: float = 0.0  # how long the run and the judging took

    @property
    def points(self) -> float:
        return sum(one.points for one in self.exercises)

    def points_of(self, name: str) -> float | None:
        """Points of an exercise; None where a fault of ours kept it from being judged."""
        if self.state == "grader_error":
            return None
        for one in self.exercises:
            if one.exercise.partition(".")[2] == name:
                return None if one.state == "error" else one.points
        return 0.0 if self.state == "ungradable" else None


# ---- the instructor's seed ------------------------------------------------------------------


def seeds_file() -> Path:
    """Where the grading seeds are kept: outside the repository, so that they are not published."""
    named = os.environ.get("BEYOND_PANDAS_SEEDS")
    base = os.environ.get("XDG_CONFIG_HOME")
    config = (Path(base) if base else Path.home() / ".config") / "beyond-pandas"
    return Path(named) if named else config / "grading-seeds.json"


def known_seeds() -> dict[str, int]:
    """The grading seeds that were drawn, by chapter.

    Raises:
        CourseError: the file is there and cannot be read.
    """
    path = seeds_file()
    try:
        seeds = json.loads(path.read_text()) if path.exists() else {}
        if not isinstance(seeds, dict) or not all(isinstance(s, int) for s in seeds.values()):
            raise ValueError("it is not a list of chapters and numbers")
    except (OSError, ValueError) as problem:
        raise CourseError(f"the grading seeds in {path} cannot be read: {problem}") from problem
    return seeds


def grading_seed(chapter: str) -> int:
    """The chapter's grading seed; drawn at first use, and the same in every regrade after.

    Raises:
        CourseError: the file is there and cannot be read.
    """
    path, seeds = seeds_file(), known_seeds()
    if chapter not in seeds:
        seeds[chapter] = secrets.randbits(48)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as part:
            json.dump(seeds, part, indent=1)
        os.chmod(part.name, 0o600)
        os.replace(part.name, path)
    return int(seeds[chapter])


# ---- one notebook ---------------------------------------------------------------------------


def _solution_cells(notebook: NotebookNode) -> dict[str, str]:
    return {
        c.metadata["nbgrader"]["grade_id"]: c.source
        for c in notebook.cells
        if c.metadata.get("nbgrader", {}).get("solution")
    }


@cache
def worth(exercise: Exercise) -> float:
    """What the exercise is worth, in points."""
    return sum(max_points(exercise).values())


def prepared_tables() -> Path:
    """The folder of tables that students' own cells may load: the published seed, small sizes.

    Made by linking the made datasets into a folder without manifest.
    """
    paths = {(size, t): shop.path(t, size) for size in PREPARED_SIZES for t in shop.TABLES}
    key = content_hash(*(f"{p}{p.stat().st_mtime_ns}" for p in paths.values()))
    target = cache_folder() / "prepared" / key
    if not target.exists():
        part = Path(tempfile.mkdtemp(dir=_made(target.parent), prefix=".making-"))
        for (size, table), path in paths.items():
            (part / size).mkdir(exist_ok=True)
            _copy(path, part / size / f"{table}.parquet")
        for folder, _, _ in os.walk(part):
            os.chmod(folder, 0o755)
        try:
            os.replace(part, target)
        except OSError:
            if not target.exists():
                raise
    return target


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _copy(source: Path, to: Path) -> None:
    try:
        os.link(source, to)
    except OSError:
        shutil.copyfile(source, to)
    os.chmod(to, 0o644)


def grade_notebook(
    submission: Submission,
    chapter: str,
    wall: Wall,
    *,
    course: Path = ROOT,
    progress: Callable[[str], None] = lambda text: None,
) -> NotebookVerdict:
    """Run and judge one submission. Raises only where the grader itself is broken."""
    if submission.set_aside:
        verdicts = [not_attempted(one, worth(one)) for one in exercises(chapter)]
        return NotebookVerdict("ungradable", verdicts, reason=submission.set_aside)
    seed = grading_seed(chapter)
    released = _solution_cells(released_notebook(chapter, course))
    written = _solution_cells(submission.notebook)
    attempted = [
        one
        for one in exercises(chapter)
        if not same_program(written.get(one.name, ""), released[one.name])
    ]
    work = [(one, prepare(one, point)) for one in attempted for point in grading_points(one, seed)]
    cells = runnable_cells(submission.notebook)
    tables = prepared_tables()
    run = Run()
    if work:
        with RUNS.beside_others():
            run = run_answers(cells, work, wall, tables=tables, progress=progress)
        _run_again_what_timed_out(run, cells, work, wall, tables)
    verdicts = []
    for one in exercises(chapter):
        if one not in attempted:
            verdicts.append(not_attempted(one, worth(one)))
            continue
        results = run.of(one)
        verdicts.append(
            judge(
                one,
                results,
                expected_results(one, list(results)),
                source=written[one.name],
                wrong_results=lambda point, one=one: wrong_results(one, point),  # type: ignore[misc]
                cell_error=run.cell_failures.get(one.name, ""),
            )
        )
    notes = list(submission.notes)
    for cell, problem in run.cell_failures.items():
        if cell not in {one.name for one in exercises(chapter)}:
            notes.append(f"{cell.capitalize()} did not run to its end: {problem}")
    state = "graded"
    return NotebookVerdict(state, verdicts, notes)


def _run_again_what_timed_out(
    run: Run,
    cells: Sequence[Cell],
    work: Sequence[tuple[Exercise, Prepared]],
    wall: Wall,
    tables: Path,
) -> None:
    """A time-out counts only after the call was made once more, while no other notebook runs, and
    with more time where others keep the machine busy. So is a call made again that a fault of ours
    kept from being judged."""
    late = [
        (exercise, with_patience(prepared))
        for exercise, prepared in work
        if any(
            outcome.outcome in {"time", "ours"}
            for outcome in run.results[exercise.id, prepared.function, prepared.point].outcomes
        )
    ]
    if not late:
        return
    with RUNS.alone():
        again = run_answers(cells, late, wall, tables=tables)
    run.results.update(again.results)


# ---- verdicts on disk -----------------------------------------------------------------------


@cache
def _grader_version(chapter: str) -> str:
    """Changes when the same notebook might be judged differently."""
    package = Path(__file__).parent
    sources = sorted(package.glob("*.py")) + sorted(package.glob("runner/*.py"))
    sources += sorted((CHECKS / chapter).rglob("*.py"))
    parts = [one.read_bytes() for one in sources]
    if has_solutions(chapter):
        parts += [setup_source(chapter).encode()]
        parts += [reference_source(one).encode() for one in exercises(chapter)]
    lock = ROOT / "requirements.lock"
    parts.append(lock.read_bytes() if lock.exists() else b"")
    return content_hash(*parts)


def verdict_key(submission: Submission, chapter: str) -> str:
    """The hash of everything that the verdict on `submission` depends on."""
    cells = [f"{cell.name}\n{cell.source}" for cell in runnable_cells(submission.notebook)]
    aside = [submission.set_aside, *submission.notes]
    seed = str(grading_seed(chapter))
    return content_hash(_grader_version(chapter), seed, *cells, "|", *aside)


def verdict_file(course: Path, chapter: str, key: str) -> Path:
    """Where the verdict of that key is kept, or will be."""
    return course / "classroom" / "verdicts" / chapter / f"{key}.json"


def _save(path: Path, verdict: NotebookVerdict, submission: Submission, chapter: str) -> None:
    data = {
        "schema": SCHEMA,
        "chapter": chapter,
        "submission": content_hash(*(c.source for c in submission.notebook.cells)),
        "grader": _grader_version(chapter),
        "seed": content_hash(str(grading_seed(chapter))),
        "state": verdict.state,
        "reason": verdict.reason,
        "notes": verdict.notes,
        "exercises": [one.as_json() for one in verdict.exercises],
        "reports": verdict.reports,
        "seconds": verdict.seconds,
    }
    _made(path.parent)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as part:
        json.dump(data, part, indent=1)
    os.replace(part.name, path)


def load_verdict(path: Path) -> NotebookVerdict | None:
    """The verdict in a file, whatever it says; None where there is none that can be read."""
    try:
        data = json.loads(path.read_text())
        if data["schema"] != SCHEMA:
            return None
        return NotebookVerdict(
            data["state"],
            [ExerciseVerdict.from_json(one) for one in data["exercises"]],
            data["notes"],
            data["reason"],
            data["reports"],
            data.get("seconds", 0.0),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def verdict_on(
    submission: Submission,
    chapter: str,
    wall: Wall | None,
    *,
    course: Path = ROOT,
    progress: Callable[[str], None] = lambda text: None,
) -> NotebookVerdict:
    """The verdict on `submission`: the one on file, or a new one, which is then filed."""
    path = verdict_file(course, chapter, verdict_key(submission, chapter))
    known = load_verdict(path)
    if known and known.state != "grader_error":  # our fault: tried again
        return known
    started = time.monotonic()
    try:
        verdict = grade_notebook(
            submission, chapter, wall or find_wall(), course=course, progress=progress
        )
    except CourseError:
        raise
    except Exception as problem:  # ours, whatever it is: the student must not pay for it
        verdict = NotebookVerdict("grader_error", reason=f"{type(problem).__name__}: {problem}")
    verdict.reports = {
        one.exercise.partition(".")[2]: {"text": report.as_text(one), "html": report.as_html(one)}
        for one in verdict.exercises
    }
    verdict.seconds = round(time.monotonic() - started, 3)
    _save(path, verdict, submission, chapter)
    return verdict


# ---- a class --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Graded:
    """One student's notebook after grading."""

    student: str
    verdict: NotebookVerdict


def submitted_notebooks(chapter: str, course: Path = ROOT) -> dict[str, Path]:
    """Students' notebooks of a chapter by student, as `nbgrader collect` leaves them.

    A student who handed in notebooks of other names only is among them, with a path that leads
    nowhere: reading it says so.

    Raises:
        CourseError: there are none.
    """
    folder = course / "classroom" / "submitted"
    found = {
        path.parent.parent.name: path.with_name(f"{chapter}.ipynb")
        for path in sorted(folder.glob(f"*/{chapter}/*.ipynb"))
    }
    if not found:
        raise CourseError(
            f"no notebooks of {chapter} in {folder.name}/: put each student's notebook at "
            f"classroom/submitted/<student>/{chapter}/{chapter}.ipynb"
        )
    return found


def warm_up(chapter: str) -> None:
    """Make what every notebook needs before several are run at once."""
    prepared_tables()
    seed = grading_seed(chapter)

    for one in exercises(chapter):  # the data first, or the threads would wait for each other
        for point in grading_points(one, seed):
            prepare(one, point)

    def expect(one: Exercise) -> None:
        expected_results(one, grading_points(one, seed))

    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(expect, exercises(chapter)))


def grade_class(
    chapter: str,
    wall: Wall,
    *,
    course: Path = ROOT,
    at_once: int | None = None,
    students: Collection[str] | None = None,
) -> Iterator[Graded]:
    """Verdicts on the submitted notebooks as they come, several run at a time.

    `students`: whose notebooks; None: everybody's.
    """
    notebooks = submitted_notebooks(chapter, course)
    if students is not None:
        notebooks = {who: path for who, path in notebooks.items() if who in students}
    workers = at_once or cores()

    def one(student: str, path: Path) -> Graded:
        try:
            submission = read_submission(path, chapter, course)
        except CourseError:
            raise
        except Exception as problem:  # ours: nobody else's notebook may wait for it
            fault = f"{type(problem).__name__}: {problem}"
            return Graded(student, NotebookVerdict("grader_error", reason=fault))
        return Graded(student, verdict_on(submission, chapter, wall, course=course))

    with ThreadPoolExecutor(workers) as pool:
        pending: set[Future[Graded]] = {pool.submit(one, *item) for item in notebooks.items()}
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


# ---- nbgrader -------------------------------------------------------------------------------


def nbgrader_config(course: Path = ROOT) -> Any:
    """The traitlets configuration in the course's `nbgrader_config.py`."""
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", str(course)).load_config()
    config.CourseDirectory.root = str(course)
    return config


def put_tools_on_path() -> None:
    """Let nbgrader find `alembic`, which it calls by name, where the environment is not active."""
    ours = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if ours not in path.split(os.pathsep):
        os.environ["PATH"] = f"{ours}{os.pathsep}{path}"


def nbgrader_api(course: Path = ROOT) -> Any:
    """nbgrader's own API on the course folder."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    put_tools_on_path()
    config = nbgrader_config(course)
    _made(course / "classroom")
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def nbgrader_step(
    api: Any,
    what: str,
    chapter: str,
    student: str | None = None,
    force: bool = False,
    exclude: Collection[str] = (),
) -> dict[str, Any]:
    """Run nbgrader's "autograde" or "generate_feedback" on the class, or on one student.

    `exclude`: students who are left out.

    Returns nbgrader's {"success", "log", ...}.
    """
    from nbgrader.converters import Autograde, GenerateFeedback
    from nbgrader.utils import capture_log

    kind = {"autograde": Autograde, "generate_feedback": GenerateFeedback}[what]
    api.coursedir.assignment_id = chapter
    api.coursedir.student_id = student or "*"
    api.coursedir.student_id_exclude = ",".join(exclude)
    app = kind(coursedir=api.coursedir, parent=api)
    app.force = force
    try:
        with warnings.catch_warnings():  # its database layer warns of what nbgrader does on purpose
            warnings.filterwarnings("ignore", message="Object of type .* not in session")
            told: dict[str, Any] = capture_log(app)
        return told
    finally:
        api.coursedir.student_id = "*"
        api.coursedir.student_id_exclude = ""


def note_of(notebook: NotebookNode) -> tuple[str, list[str]]:
    """(why it was set aside or "", notes) as `read_submission` left them in the metadata."""
    left = notebook.metadata.get(LOCAL, {})
    return str(left.get("set_aside", "")), [str(note) for note in left.get("notes", [])]
