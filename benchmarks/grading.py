"""How fast a class is graded: ours, behind the wall, against nbgrader as it is installed.

Both grade the same notebooks, a class that carries answers on file, right and wrong, and both make
the same calls at the same sizes and seeds, to the end, and look at what came back. nbgrader as
installed has them in its test cells, which run in the student's kernel with PySpark and Prefect as
they are installed: no wall, no budgets, no evidence of how, no report. Data and expected values are
there beforehand for both, and so is what wrong answers on file return, by which ours names a slip:
a teacher's machine works that out once a term. Time counts until the marks stand in the gradebook.
"""

from __future__ import annotations

import os
import pickle
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat

from autograder import grading, sample_class
from autograder.answers import right_answers, wrong_answers
from autograder.assignments import source_notebook, temporary_course
from autograder.cases import grading_points, prepare
from autograder.checking import Exercise
from autograder.course import chapters, exercises
from autograder.reference import expected_results, results_of
from autograder.wall import find_wall
from benchmarks import _stock_calls
from benchmarks.harness import BenchError, Record

ROUNDS = 1  # of a class, which takes nbgrader as installed some minutes for each chapter
RIGHT, WRONG = 2, 2  # notebooks that carry the first right answers on file, and wrong ones
BARS = {"memory_wall": 2.0, "workflows": 4.0}  # a pandas chapter, a Prefect chapter
SPARK_BAR = 4.0
STOCK = """
c = get_config()
c.CourseDirectory.course_id = "stock"
c.CourseDirectory.submitted_directory = "submitted"
c.ExecutePreprocessor.timeout = 600
c.Execute.timeout = 600
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError()"}
"""


def run(record: Record) -> None:
    """Grade each chapter's class both ways in turn, `ROUNDS` times; ratios of neighbours count."""
    record("load average before", os.getloadavg()[0], "processes")
    for chapter in chapters():
        _chapter(chapter, record)


def _chapter(chapter: str, record: Record) -> None:
    wall = find_wall()
    grading.warm_up(chapter)
    with ThreadPoolExecutor(2) as pool:
        for known in pool.map(_know_wrong_answers, exercises(chapter)):
            print(f"{chapter}: wrong answers to {known} are run", file=sys.stderr, flush=True)
    answers = _class(chapter)
    times: dict[str, list[float]] = {"stock": [], "ours": []}
    for number in range(1, ROUNDS + 1):
        with temporary_course() as course, tempfile.TemporaryDirectory() as stock:
            _ours(chapter, answers, course)
            api = _stock(chapter, answers, Path(stock))
            began = time.perf_counter()
            told = grading.nbgrader_step(api, "autograde", chapter)
            middle = time.perf_counter()
            if not told["success"]:
                raise BenchError(f"nbgrader as installed failed: {told['log'][-400:]}")
            _look_at_what_was_made(Path(stock), len(answers))
            began_ours = time.perf_counter()
            for one in grading.grade_class(chapter, wall, course=course):
                if one.verdict.state != "graded":
                    raise BenchError(f"{one.student} was not graded: {one.verdict.reason}")
            told = grading.nbgrader_step(grading.nbgrader_api(course), "autograde", chapter)
            if not told["success"]:
                raise BenchError(f"grading failed: {told['log'][-400:]}")
            ended = time.perf_counter()
        seconds = f"{middle - began:.0f} s as installed, {ended - began_ours:.0f} s ours"
        print(f"{chapter}, round {number} of {ROUNDS}: {seconds}", file=sys.stderr, flush=True)
        times["stock"].append(middle - began)
        times["ours"].append(ended - began_ours)
    many = len(answers)
    for name, text in (("stock", "nbgrader as installed"), ("ours", "behind the wall")):
        rate = 60 * many / statistics.median(times[name])
        record(f"{chapter}, {text}", rate, "notebooks/min")
    ratio = statistics.median(a / b for a, b in zip(times["stock"], times["ours"], strict=True))
    bar = BARS.get(chapter, SPARK_BAR)
    record(f"{chapter}, ours against nbgrader as installed", ratio, "ratio", f">= {bar:g}",
           ratio >= bar)  # fmt: skip


def _know_wrong_answers(exercise: Exercise) -> str:
    """Have what wrong answers on file return for the grading seed, where no budget holds."""
    points = grading_points(exercise, grading.grading_seed(exercise.chapter))
    free = [p for p in points if not any(c.budget_mb for c in prepare(exercise, p).calls)]
    results_of(exercise, {one.name: one.source for one in wrong_answers(exercise)}, free)
    return exercise.name


def _look_at_what_was_made(stock: Path, students: int) -> None:
    """Raise `BenchError` unless every student's calls were made, and all calls of right answers
    gave something: an answer may fail its calls, and the cell that makes them may not. What they
    gave is compared there, too; measured values, such as jobs, may be others here."""
    lines = (stock / "tests" / _stock_calls.MADE).read_text().splitlines()
    of: dict[str, list[tuple[int, int]]] = {}
    for name, made, returned in map(str.split, lines):
        of.setdefault(name, []).append((int(made), int(returned)))
    for path in (stock / "tests").glob("*.pickle"):
        found = of.get(path.stem, [])
        whole = sum(made == returned for made, returned in found)
        if len(found) != students or whole < RIGHT:
            raise BenchError(
                f"{path.stem}: {len(found)} of {students} notebooks made the calls of nbgrader's "
                f"cells, and {whole} of them to the end; {RIGHT} are right"
            )


def _class(chapter: str) -> dict[str, dict[str, str]]:
    """Sources by exercise, for each student."""
    found: dict[str, dict[str, str]] = {}
    for kind, many, of in (("right", RIGHT, right_answers), ("wrong", WRONG, wrong_answers)):
        for number in range(many):
            sources = {}
            for one in exercises(chapter):
                on_file = of(one)
                sources[one.name] = on_file[number % len(on_file)].source
            found[f"{kind}-{number}"] = sources
    return found


def _ours(chapter: str, answers: dict[str, dict[str, str]], course: Path) -> None:
    from autograder.assignments import generate

    generate(chapter, course)
    for student, sources in answers.items():
        path = course / "classroom" / "submitted" / student / chapter / f"{chapter}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(sample_class._filled(chapter, sources), path)


def _stock(chapter: str, answers: dict[str, dict[str, str]], folder: Path) -> Any:
    """A course of nbgrader's own kind, with the calls in its test cells."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    tests = folder / "tests"
    tests.mkdir()
    shutil.copy(_stock_calls.__file__, tests / "stock_calls.py")
    for one in exercises(chapter):
        calls: list[tuple[Any, ...]] = []
        for point in grading_points(one, grading.grading_seed(chapter)):
            prepared = prepare(one, point)
            values = [outcome.value for outcome in expected_results(one, [point])[point].outcomes]
            then = prepared.then or [None] * len(values)
            calls += zip(
                [prepared.function] * len(values), prepared.arguments, then, values, strict=True
            )
        (tests / f"{one.name}.pickle").write_bytes(pickle.dumps(calls))
    notebook = source_notebook(chapter)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            name = cell.metadata.nbgrader.grade_id.removeprefix("check_")
            cell.source = (
                f"import sys\nsys.path.insert(0, {str(tests)!r})\n"
                f"from stock_calls import run\nrun({name!r}, globals())"
            )
        cell.metadata.pop("given", None)
    source = folder / "source" / chapter / f"{chapter}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(notebook, source)
    (folder / "nbgrader_config.py").write_text(STOCK)
    grading.put_tools_on_path()
    config = PyFileConfigLoader("nbgrader_config.py", str(folder)).load_config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.db_url = f"sqlite:///{folder}/gradebook.db"
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    told = api.generate_assignment(chapter, force=True, create=True)
    if not told["success"]:
        raise BenchError(f"nbgrader as installed made no assignment: {told['log'][-400:]}")
    released = nbformat.read(folder / "release" / chapter / f"{chapter}.ipynb", as_version=4)
    for student, sources in answers.items():
        filled = nbformat.from_dict(released)
        for cell in filled.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in sources:
                cell.source = sources[name]
        path = folder / "submitted" / student / chapter / f"{chapter}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(filled, path)
    shutil.rmtree(folder / "source")
    return api
