"""Fixtures for the tests of an instructor's day."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import grading
from autograder.wall import Wall, WallError, find_wall
from tests.classroom.courses import Course, copy_of_the_course

grading.put_tools_on_path()  # a new gradebook needs them


@pytest.fixture(scope="session")
def wall() -> Wall:
    """The real wall; its absence skips by name."""
    try:
        return find_wall()
    except WallError as problem:
        pytest.skip(f"no wall: {problem}")


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
    made = copy_of_the_course(folder)
    yield made
    made.close()
    shutil.rmtree(folder, ignore_errors=True)
