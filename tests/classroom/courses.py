"""A copy of the course to try an instructor's commands in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograder import sample_class
from autograder.course import ROOT

CHAPTER = "memory_wall"


# Starts the commands: it has imported what they import, which takes seconds, and forks for each.
STARTER = """
import json, os, sys, traceback
import autograder.cli
import autograder.classroom.class_report, autograder.classroom.collecting
import autograder.classroom.marks, autograder.classroom.writing
from nbgrader.apps.nbgraderapp import NbGraderApp

def start(job):
    for number, name in ((1, job["out"]), (2, job["err"])):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = [job["tool"], *job["words"]]
    try:
        {"course": autograder.cli.course, "nbgrader": NbGraderApp.launch_instance}[job["tool"]]()
        return 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        status = start(json.loads(line))
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass
class Course:
    """A copy of the course in a folder of its own, used by its commands alone."""

    folder: Path
    seeds: Path
    _starter: subprocess.Popen[str] | None = None

    def run(self, *words: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `course ...` there and check how it ends."""
        return self._run("course", [str(word) for word in words], status)

    def nbgrader(self, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `nbgrader ...` there and check how it ends."""
        return self._run("nbgrader", list(words), status)

    def _run(self, tool: str, words: list[str], status: int) -> subprocess.CompletedProcess[str]:
        if self._starter is None:
            env = {
                **os.environ,
                "PYTHONPATH": f"{self.folder}{os.pathsep}{ROOT / 'datasets'}",
                "BEYOND_PANDAS_SEEDS": str(self.seeds),
                "COLUMNS": "200",
            }
            self._starter = subprocess.Popen(
                [sys.executable, "-c", STARTER],
                cwd=self.folder,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._starter.stdin and self._starter.stdout
        with tempfile.TemporaryDirectory() as told:
            out, err = Path(told) / "out", Path(told) / "err"
            job = {"tool": tool, "words": words, "out": str(out), "err": str(err)}
            self._starter.stdin.write(json.dumps(job) + "\n")
            self._starter.stdin.flush()
            ended = int(self._starter.stdout.readline())
            done = subprocess.CompletedProcess(words, ended, out.read_text(), err.read_text())
        assert ended == status, done.stdout[-2000:] + done.stderr[-4000:]
        assert "Traceback" not in done.stderr
        return done

    def close(self) -> None:
        """End the starter. The next command has a new one, which imports the sources again."""
        if self._starter is not None:
            self._starter.communicate()
            self._starter = None

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
