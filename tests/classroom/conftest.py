"""Fixtures for the tests of an instructor's day: a course of their own, with its commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import grading, sample_class
from autograder.course import ROOT
from autograder.wall import Wall, WallError, find_wall

CHAPTER = "memory_wall"


grading.put_tools_on_path()  # a new gradebook needs them


@pytest.fixture(scope="session")
def wall() -> Wall:
    """The real wall; its absence skips by name."""
    try:
        return find_wall()
    except WallError as problem:
        pytest.skip(f"no wall: {problem}")


@dataclass(frozen=True)
class Course:
    """A copy of the course in a folder of its own, used by its commands alone."""

    folder: Path
    seeds: Path

    def run(self, *words: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `course ...` there and check how it ends."""
        return self._run([sys.executable, "-m", "autograder.cli", *map(str, words)], status)

    def nbgrader(self, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        tool = Path(sys.executable).parent / "nbgrader"
        return self._run([str(tool), *words], status)

    def _run(self, command: list[str], status: int) -> subprocess.CompletedProcess[str]:
        env = {
            **os.environ,
            "PYTHONPATH": f"{self.folder}{os.pathsep}{ROOT / 'datasets'}",
            "BEYOND_PANDAS_SEEDS": str(self.seeds),
            "COLUMNS": "200",
        }
        done = subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == status, done.stdout[-2000:] + done.stderr[-4000:]
        assert "Traceback" not in done.stderr
        return done

    @property
    def classroom(self) -> Path:
        return self.folder / "classroom"

    def submit(self, student: str, answers: Mapping[str, str], at: str = "") -> Path:
        """Hand in the released notebook with `answers` filled in; at a time, where one is given."""
        path = self.classroom / "submitted" / student / CHAPTER / f"{CHAPTER}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook(answers))
        if at:
            (path.parent / "timestamp.txt").write_text(at)
        return path

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.classroom}/gradebook.db", "beyond-pandas")

    def scores(self, student: str) -> dict[str, float]:
        with self.gradebook() as book:
            found = book.find_submission_notebook(CHAPTER, CHAPTER, student)
            return {grade.name.removeprefix("check_"): grade.score for grade in found.grades}

    def penalty(self, student: str) -> float:
        with self.gradebook() as book:
            found = book.find_submission_notebook(CHAPTER, CHAPTER, student)
            return float(found.late_submission_penalty or 0)


def notebook(answers: Mapping[str, str] | None = None) -> str:
    """The released notebook as a student hands it in."""
    return str(nbformat.writes(sample_class._filled(CHAPTER, answers or {})))


def copy_of_the_course(folder: Path) -> Course:
    """What grading needs, copied, so that a test may change a check or the rules."""
    junk = shutil.ignore_patterns("__pycache__")
    for name in ("autograder", "solutions", "exercises"):
        shutil.copytree(ROOT / name, folder / name, ignore=junk)
    (folder / "book").mkdir()
    for name in ("nbgrader_config.py", "requirements.lock", "book/_toc.yml"):
        shutil.copyfile(ROOT / name, folder / name)
    seeds = folder / "seeds.json"
    seeds.write_text('{"memory_wall": 77}')
    return Course(folder, seeds)


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook in which nothing stands, to copy: nbgrader takes seconds to make one."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    Gradebook(f"sqlite:///{path}", "beyond-pandas").close()
    return path


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    """A course in which nothing has happened yet."""
    folder = tmp_path / "course"
    folder.mkdir()
    yield copy_of_the_course(folder)
    shutil.rmtree(folder, ignore_errors=True)
